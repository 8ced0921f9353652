"""The words that the splitting and reading rules know, and how their patterns are written.

Closed classes (pronouns, auxiliaries, conjunctions) are complete; verbs are the common ones of advice threads, enough
to tell whether a clause has one. Tokens are lower case with straight apostrophes.
"""

from __future__ import annotations

import re


def one_of(*lists: str) -> frozenset[str]:
    """Return the words of blank-separated lists."""
    return frozenset(word for words in lists for word in words.split())


def phrases(block: str, **parts: str) -> str:
    """Return a pattern of the lines of `block`, each an alternative.

    In a line, a space matches white space, an apostrophe may be curly or left out, `(a|b)` groups without capturing,
    and `<name>` stands for a pattern given by name.
    """
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    pattern = re.sub(r"(?<!\\)\((?!\?)", "(?:", "|".join(lines).replace(" ", r"\s{1,3}").replace("'", "['’]?"))
    for name, part in parts.items():
        pattern = pattern.replace(f"<{name}>", part)
    return f"(?:{pattern})"


def rule(block: str, **parts: str) -> re.Pattern[str]:
    """Compile `phrases(block, **parts)`, blind to case; a dot matches line ends."""
    return re.compile(phrases(block, **parts), re.IGNORECASE | re.DOTALL)


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[,;:()?!.…—–-]")


def tokens_of(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, str]]:
    """Return the words and punctuation marks of `text[start:end]`, each with the offset it starts at."""
    found = _WORD.finditer(text, start, len(text) if end is None else end)
    return [(match.start(), match[0].replace("’", "'").lower()) for match in found]


def words(text: str) -> list[str]:
    """Return the words and punctuation marks of `text`."""
    return [word for _, word in tokens_of(text)]


NOMINATIVES = one_of(
    "i he she we they i'm i've i'd i'll he's he'd he'll she's she'd she'll we're we've we'd we'll they're they've",
    "they'd they'll im ive id ill theyre theyve weve",
)
"""Pronouns that are always subjects, alone and contracted with their verb."""
FIRST_PERSON = one_of("i i'm i've i'd i'll im ive id we we're we've we'd my our")
CONTRACTED = one_of(
    "it's its it'll it'd that's thats that'll that'd this'll there's theres there're you're youre you've youve",
    "you'll youll you'd youd everyone's everybody's who's what's",
)
"""Pronouns that are subjects because their verb hangs on them."""
PRONOUNS = one_of(
    "it you ya u that this there these those some most many others both all everyone everybody someone somebody",
    "anyone nobody none people ppl one",
)
"""Pronouns that are subjects where a verb follows."""
ANAPHORS = one_of("it it's its it'll they they're they've that that's thats this he he's she she's")
"""Subjects that say nothing without the words before them."""
AUXILIARIES = one_of(
    "is are was were am has have had do does did can could will would should may might must shall cannot can't",
    "won't cant dont doesnt didnt isnt arent wasnt werent wont wouldnt couldnt shouldnt hasnt havent hadnt ain't",
    "gonna",
)
SURE_VERBS = AUXILIARIES | one_of(
    "seems seemed makes made went goes got gets said says took takes came comes became becomes gave gives felt",
    "feels found knew thought kept told helps helped depends allows requires wants tends exists remains leads",
    "happens matters sucks began beats causes worked used started stopped improved improves ended turned prevents",
    "increases reduces",
)
"""Words that are verbs wherever they stand (`works` may be a noun, `seems` may not)."""
VERBS = SURE_VERBS | one_of(
    "accept add adds agree allow appreciate be been become begin bet build builds care cares cause change changes",
    "come cost costs depend disagree doubt eat eats exercise exist feel find get give go guess happen hate hates",
    "hear heard help hire hires hope hurt hurts improve include includes increase keep know lead learn let lets",
    "lift lifts like likes live look looks love loves make matter mean means meant move need needs offer offers pay",
    "pays play plays prevent provide provides put puts ran read reckon recommend reduce require run runs saw say",
    "see seem sees show shows sleep sleeps sound sounds start starts stay stays stop stops suck suggest suppose",
    "take teach tell tend think train trains tries try use uses want wish wonder work works",
)
ADVERBS = one_of(
    "actually again all almost already also always apparently basically both certainly clearly definitely even ever",
    "eventually finally first generally hardly honestly instead just likely literally maybe mostly never now",
    "obviously often only perhaps personally probably rarely really simply sometimes soon still surely then",
    "typically ultimately usually",
)
IMPERATIVES = one_of(
    "add aim apologize apply ask avoid be bring build buy call change check choose come consider contact cut do",
    "don't dont drink drop eat email enjoy ensure expect find focus follow forget get give go google hit ignore",
    "increase invest join keep learn leave let let's lets lift limit listen look make mix move never pay pick plan",
    "please practice put reach read reduce relax remember run save search see sell set show sign skip sleep speak",
    "spend start stay stick stop study switch take talk tell test think train treat trust try use visit wait watch",
    "work write",
)
SUBORDINATORS = one_of(
    "if when whenever once while as unless until after before because since although though even whoever whatever",
    "wherever whether given providing provided assuming except cuz cos coz",
)
PREPOSITIONS = one_of(
    "in on at for with by from to of about into over under during without within between against through like",
    "despite than per via regarding according based instead",
)
STOPPERS = one_of(
    "that which who whom whose where when if because to and or but so than while as what how why",
)
"""Words that end a noun phrase by opening something else."""
DETERMINERS = one_of("a an the my your our his her their its no any each every another")
SPEECH = one_of(
    "say says said saying think thinks thought know knows feel believe told tell like likes mean means",
)
DIRECT_ANSWERS = one_of(
    "absolutely agree agreed always both certainly correct definitely depends disagree ditto either exactly indeed",
    "maybe nah neither never no nope obviously probably same seconded sure this totally true yea yeah yep yes yup",
)
JOINERS = one_of("and but so well also yeah then ,")
NEGATION = re.compile(r"\b(?:not|never|no|nobody|nothing|none|hardly|cannot|cant|dont|wont|\w+n['’]t)\b", re.IGNORECASE)


SHORTEST_PAST = 5
"""Letters of a past tense in -ed ("tried"); shorter words in -ed are mostly nouns ("bed", "need")."""


def is_verb(word: str) -> bool:
    """Whether `word` can be a finite verb."""
    past = len(word) >= SHORTEST_PAST and word.endswith("ed")
    return past or word in VERBS or word.endswith("n't")


def is_word(token: str) -> bool:
    """Whether `token` is a word and no punctuation mark."""
    return token[0].isalnum()


def is_direct_answer(tokens: list[str]) -> bool:
    """Whether `tokens` are a bare answer such as "No", "Yes absolutely" or "Not really"."""
    bare = [token for token in tokens if is_word(token)]
    return bool(DIRECT_ANSWER.fullmatch(" ".join(bare[:LONGEST_ANSWER]))) and len(bare) < LONGEST_ANSWER


LONGEST_ANSWER = 4
"""One word more than a bare answer has."""
DIRECT_ANSWER = rule(
    """
    <answer>( <answer>){0,2}
    not (really|necessarily|exactly|true|always|sure|at all)
    of course( not)?
    (me|same|this) (too|here|neither)
    (absolutely|definitely|probably|certainly) not
    """,
    answer=f"(?:{'|'.join(sorted(DIRECT_ANSWERS))})",
)
