"""The words that every rendering shares, and what makes forum text fit to be shown anywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.amounts import amount_words, quantity_unit
from bot.answer import LIKELY, SIDE_WORDS, SMALL_SAMPLE, Answer, Status, Tally, count
from bot.deciding import Condition, Deciding, Group, Told
from bot.safety import Concern, Note, alone, notes_beside
from bot.views import SIDES, View
from corpus.personal import Shown
from corpus.thread import Post
from indexer.claim_store import CitedClaim
from indexer.claims import Kind
from indexer.corrections import Correction, Fit, Mark, Matter
from indexer.judge import Judgement, Stance
from indexer.knowledge import JudgedClaim
from indexer.particulars import ParticularType
from indexer.questions import Form
from indexer.showing import shown_claim

SIDE_TITLES: Mapping[Stance, str] = {
    Stance.PRO: "For",
    Stance.CON: "Against",
    Stance.MIXED: "It depends",
    Stance.NONE: "Not about it",
}
KIND_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.ADVICE: ("piece of advice", "pieces of advice"),
    Kind.EXPERIENCE: ("experience", "experiences"),
    Kind.REASON: ("reason", "reasons"),
    Kind.HEARSAY: ("hearsay", "hearsay"),
    Kind.STUDY: ("study", "studies"),
}
EVIDENCE_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.ADVICE: ("advises it", "advise it"),
    Kind.EXPERIENCE: ("did it", "did it"),
    Kind.REASON: ("gives a reason", "give a reason"),
    Kind.HEARSAY: ("heard it", "heard it"),
    Kind.STUDY: ("cites a study", "cite a study"),
}
"""What people have to show for a view, after their number."""

VIEWS_AT_ONCE = 3
"""Views of a side that are shown before the rest is folded away: a side stays two screens of a phone."""

UNITS_OF_COUNT: Mapping[str, tuple[str, str]] = {
    "people": ("person", "people"),
    "posts": ("post", "posts"),
    "votes": ("vote", "votes"),
}
"""What the balance can be counted in: the tallies of a balance, with one and several of them."""

COUNT_IN = "Count in"
MINORITY_VIEW = "minority view"
SMALL_SAMPLE_WARNING = "Small sample: {}. That is too few to tell how people in general lean."
NO_VOTES = "The posts behind this answer have no votes."
EACH_WAY = "How many {} each way"
SHOW, LEFT = "show {}", ", {:,} left"
MORE_OF_IT = ("more", "more")
MORE_VIEWS = ("more view", "more views")
DECIDING = "What decides it"
AGREED = "Both sides agree on this condition"
SHARED = "Both sides name this condition, and draw other lines"
ONE_SIDED = "Conditions that people name"
FOR_WHOM = "Whom it was true for, as far as their posts tell"
AMOUNTS = "Amounts and results that people name"
COLUMNS = ("What", "Side", "Who said it")
NOT_SAID = "Nobody here said anything for or against it."
SUPPORT, OBJECTIONS = "Support", "Objections"
WHO_WORDS: Mapping[ParticularType, str] = {
    ParticularType.AGE: "Age",
    ParticularType.LEVEL: "Level",
    ParticularType.VOLUME: "Weekly volume",
    ParticularType.INJURY: "Injury or illness",
    ParticularType.SEASON: "Season",
}
SAFETY_WORDS: Mapping[Concern, str] = {
    Concern.SELF_HARM: (
        "If you think of hurting yourself, talk to someone now: a person you trust, a doctor or a crisis line. In"
        " danger, call your local emergency number (112 in Europe, 911 in North America, 999 in Britain, 000 in"
        " Australia)."
    ),
    Concern.MEDICINE: (
        "This touches medicines or drugs. What others took says nothing about you: ask a doctor or pharmacist before"
        " you take, change or stop anything."
    ),
    Concern.HEALTH: (
        "This touches health. What follows is what people wrote, no diagnosis: ask a doctor about pain, an injury or an"
        " illness of your own."
    ),
    Concern.EATING: (
        "This touches fasting or strict diets, which are not safe for everybody: ask a doctor first, above all when"
        " pregnant, ill, under age, or with a history of eating disorders."
    ),
    Concern.SAFETY: (
        "This touches something that can injure or kill. What follows is what people wrote, no instructions: follow the"
        " local rules, and leave to a qualified person what you are not sure of."
    ),
}
"""The note of each concern; none diagnoses."""

OPEN_ANSWER = "Show what people said"
ANYWAY = "What people said is not shown. --anyway shows it."
LOW_CONFIDENCE = "low confidence"
CORRECTED: Mapping[Matter, str] = {
    Matter.STANCE: "side corrected by a reader",
    Matter.KIND: "kind corrected by a reader",
    Matter.VIEW: "set apart by a reader",
}
FOUND_RIGHT: Mapping[Matter, str] = {
    Matter.STANCE: "side confirmed by a reader",
    Matter.KIND: "kind confirmed by a reader",
    Matter.VIEW: "view confirmed by a reader",
}
INVENTED = "invented sample"
WRONG = "wrong side?"
CORRECT = "Correct what {} says"
UNDO = "Undo"
MARKED_OF: Mapping[Matter, str] = {Matter.STANCE: "Side", Matter.KIND: "Kind of claim", Matter.VIEW: "View"}
"""What can be said of a claim, over the buttons that say it."""
SET_APART = "Not the same as the rest of its view"
NOT_THIS_VIEW = "Not this view"
FITS: Mapping[Fit, str] = {Fit.APART: "not the same as the rest of its view", Fit.TOGETHER: "the same as the rest"}
IS_RIGHT = "{} is right"
VANISHED = "no longer in the thread"
FIRST_CLAIM = "to the first claim"
NEXT_CLAIM = "to the next claim"
NO_WORDS = "no words here"
UNNAMED_FORUM = "Without the name of a forum"
SPOTS_BY_RULE = (
    "Read by rules from the words of {} by {}. Whoever does not tell such a thing is not counted, and nobody here "
    "is not nobody anywhere."
)
TOO_FEW = "One person is too few to tell what people think; this is what was said. Add a thread about it to hear more."
TRY_OTHER_WORDS = "Ask it in other words, look at Browse for what people did talk about, or add a thread."
ASK_WITHOUT = "Ask without that, or look at who wrote the posts: most people do not tell it."
NEAR_QUESTIONS = "Questions that people here did ask:"

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and those that turn the direction of the text after them around; never shown."""

_WEB_LINK = re.compile(r"https?://[^\s\x00-\x20\x7f]+", re.IGNORECASE)


MASKED = Shown()
"""How everything that people said is shown: with their e-mail addresses and telephone numbers covered."""


def clean(text: str) -> str:
    """Return `text` without control characters and personal data; lines and tabs stay."""
    return MASKED.text(_CONTROL.sub("", text))


def one_line(text: str) -> str:
    """Return `text` as `clean` leaves it, on one line."""
    return " ".join(clean(text).split())


def shortened(text: str, length: int) -> str:
    """Return `text`, cut to `length` characters where it is longer, the last of them then an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def shown(judged: JudgedClaim) -> JudgedClaim:
    """Return a claim as it is shown, still a span of its post."""
    return replace(judged, cited=shown_claim(judged.cited, MASKED))


def author_of(post: Post) -> str:
    """Return who wrote `post`, in words; "unnamed (post 3)" where the export names nobody."""
    return one_line(post.author or "") or f"unnamed (post {post.position + 1})"


def web_link(link: str | None) -> str | None:
    """Return `link` where it is an http or https address, else None: no other scheme is ever put into a page."""
    return link if link and _WEB_LINK.fullmatch(link) else None


def is_doubtful(judgement: Judgement) -> bool:
    """Whether the stance is less likely than not, and so shown as of low confidence."""
    return judgement.confidence < LIKELY


def people(number: int) -> str:
    """Return "1 person", "2 people"."""
    return count(number, "person", "people")


def post_facts(post: Post) -> list[str]:
    """What stands behind a post, in words: author, date, score, and whether its thread still has it."""
    facts = [author_of(post)]
    facts += [post.time.date().isoformat()] if post.time else []
    facts += [f"score {post.score}"] if post.score is not None else []
    facts += [VANISHED] if post.vanished else []
    return facts


def labels(judged: JudgedClaim) -> list[str]:
    """What a reader must know of a claim: its kind, what people said of it, and whether it is doubtful or invented."""
    known = [judged.cited.claim.kind.value]
    known += [LOW_CONFIDENCE] if is_doubtful(judged.judgement) else []
    known += [INVENTED] if judged.cited.invented else []
    return known + list(dict.fromkeys(map(marked_as, judged.corrections)))


def marked_as(made: Correction) -> str:
    """What a reader did with a claim, in words."""
    return FOUND_RIGHT[made.matter] if made.right else CORRECTED[made.matter]


def mark_words(mark: Mark) -> str:
    """Return what somebody, or the program, says of a claim, in words."""
    if isinstance(mark, Stance):
        return SIDE_TITLES[mark].lower()
    return FITS[mark] if isinstance(mark, Fit) else clean(mark.value)


def view_facts(view: View, answer: Answer) -> list[str]:
    """A view in words: people, what they have to show for it, how sure, whether a minority, how they lean over all."""
    facts = [people(view.people)]
    evidence = [f"{number} {EVIDENCE_WORDS[kind][number > 1]}" for kind, number in view.evidence.items()]
    facts += evidence if view.people > 1 else [words.removeprefix("1 ") for words in evidence]
    facts += [LOW_CONFIDENCE] if is_doubtful(view.claims[0].judgement) else []
    facts += [MINORITY_VIEW] if answer.is_minority(view) else []
    return [*facts, *agreement(view, answer)]


def agreement(view: View, answer: Answer) -> list[str]:
    """Return in words how many of the people behind `view` lean its way over all, and which way the others do."""
    leans = Counter(lean.stance for lean in answer.sources_for(view))
    total = leans.total()
    if total == 1:
        return [f"over all: {SIDE_WORDS[side]}" for side in SIDES if leans[side] and side is not view.stance]
    if total and leans[view.stance] == total:
        return [f"over all: all {total} lean so"]
    other = [f"{leans[side]} {SIDE_WORDS[side]}" for side in SIDES if leans[side] and side is not view.stance]
    return [", ".join([f"over all: {leans[view.stance]} of {total} lean so", *other])] if total else []


def sample(answer: Answer) -> str:
    """Return the warning that the sample is small, in words; "" where it is not, or there is none."""
    total = len({judged.cited.post.source for judged in answer.claims()})
    return SMALL_SAMPLE_WARNING.format(people(total)) if 0 < total < SMALL_SAMPLE else ""


def balance_lines(answer: Answer) -> list[str]:
    """Return what stands under the balance in words: posts, votes where there are any, and the warning of a sample."""
    tallies = {unit: getattr(answer.balance, unit) for unit in UNITS_OF_COUNT if unit != "people"}
    lines = [counted(unit, tally) for unit, tally in tallies.items() if tally.total]
    return [*([". ".join(lines) + "."] if lines else []), *([warning] if (warning := sample(answer)) else [])]


def safety_lines(answer: Answer) -> list[str]:
    """Return the safety notes of an answer in words, but the one that stands alone."""
    return [safety_words(note) for note in notes_beside(answer)]


def lines_alone(answer: Answer) -> list[str]:
    """Return the safety note that stands first and alone, in words; nothing for most questions."""
    note = alone(answer)
    return [safety_words(note)] if note else []


def deciding_lines(deciding: Deciding) -> list[str]:
    """Return what decides it, a line for each condition, group of people and amount, with the words they told it in."""
    lines = []
    for condition in deciding.conditions:
        said = "; ".join(f"{SIDE_TITLES[one.stance].lower()}: {_quoted(one, whole=True)}" for one in condition.told)
        over = f"{condition_words(condition)} ({people(condition.people)})" if condition.shared else "Condition"
        lines.append(f"{over}: {said}")
    for group in deciding.who:
        said = "; ".join(f"{SIDE_TITLES[one.stance].lower()}: {_quoted(one)}" for one in group.told)
        lines.append(f"{group_words(group)} ({people(group.people)}): {said}")
    for amount in deciding.amounts:
        words = dict.fromkeys(_quoted(one, whole=not amount.subject) for one in amount.told)
        side = f"{SIDE_TITLES[amount.stance].lower()}, {people(amount.people)}"
        lines.append(f"{amount_words(amount).capitalize()} ({side}): {', '.join(words)}")
    return lines


def _quoted(told: Told, *, whole: bool = False) -> str:
    return f"“{told.judged.cited.claim.text if whole else told.particular.text}”"


def counted(unit: str, tally: Tally) -> str:
    """Return a tally on one line: "People: 2 for, 2 against, 1 it depends"."""
    sides = [f"{getattr(tally, side):,} {SIDE_TITLES[side].lower()}" for side in SIDES if getattr(tally, side)]
    return f"{unit.capitalize()}: {', '.join(sides)}"


def side_facts(answer: Answer, side: Stance) -> str:
    """Return how many lean to `side`, and whether that is a minority: "1 person leans so, minority view"."""
    leaning = getattr(answer.balance.people, side)
    leans = f"{people(leaning)} {'leans' if leaning == 1 else 'lean'} so"
    return f"{leans}, {MINORITY_VIEW}" if answer.balance.is_minority(side) else leans


def safety_words(note: Note) -> str:
    """Return what a safety note says."""
    return SAFETY_WORDS[note.concern]


def group_words(group: Group) -> str:
    """Return a group of people in words: "Age: 40s"."""
    label = quantity_unit(group.label) if group.type is ParticularType.VOLUME else group.label
    return f"{WHO_WORDS[group.type]}: {label}"


def condition_words(condition: Condition) -> str:
    """Return what is said over a condition that both sides name."""
    return AGREED if condition.agreed else SHARED


def notes(answer: Answer) -> list[str]:
    """What stands under an answer: how it was made, and what is missing from it."""
    if answer.status is Status.NOTHING_HERE:
        if answer.told and answer.told.total:
            return [ASK_WITHOUT]
        looked = f"Looked through {count(answer.searched, 'claim')}."
        return [*([looked] if answer.searched else []), TRY_OTHER_WORDS]
    form = {
        Form.SIDES: "The question was read as one with a yes and a no.",
        Form.OPTIONS: "The question was read as one without a yes and a no: the views are grouped by option.",
    }[answer.question.form]
    counted = f"{count(answer.considered, 'claim')} judged, from {count(answer.threads, 'thread')}."
    notes = [TOO_FEW] if answer.status is Status.TOO_FEW else []
    return [*notes, form, f"{counted} Each person counts once; words in quotation marks are people's own."]


def narrowing(answer: Answer) -> str:
    """Return what of the answer is shown, in words; "" where everything is."""
    asked, told = answer.narrowing, answer.told
    shown = [SIDE_TITLES[asked.side].lower()] if asked.side else []
    shown += [_listed([KIND_WORDS[kind][1] for kind in asked.kinds])] if asked.kinds else []
    shown += [clean(asked.who.words)] if asked.who else []
    said = [f"Shown: {'; '.join(shown)}."] if shown else []
    if asked.who and told:
        said.append(
            f"By somebody whose post tells that: {told.claims} of {count(told.total, 'claim')};"
            f" by somebody whose post tells otherwise: {told.others}; of {told.silent} nobody says."
        )
    if asked.kinds and answer.status is not Status.NOTHING_HERE and not answer.claims():
        said.append("There is none among what was said.")
    return " ".join(said)


def telling(answer: Answer) -> list[tuple[CitedClaim, str]]:
    """Return the words with which people tell that they are who was asked about, each with a claim of that post."""
    told = answer.told.telling if answer.told else ()
    return [(cited, clean(words)) for cited, words in told]


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def suggesting(answer: Answer) -> str:
    """Return what stands over the suggestions of an answer."""
    if answer.told and answer.told.total and answer.status is Status.NOTHING_HERE:
        return "Without that:"
    return "Did you mean:" if answer.status is Status.NOTHING_HERE else NEAR_QUESTIONS


def understood(answer: Answer) -> str:
    """Return the question as it was understood; "" where that is what was typed."""
    return answer.question.text if answer.question.text != answer.asked else ""
