"""Does a question, or what people answer it with, touch health or safety? Closed lists of words decide, no model.

A word counts only whole and in a sense that is meant: "painless", "shock the yeast" and "kill the process" touch
nothing. A wrong note costs a line, a missing one may cost more, so the lists lean towards the note where a word is
mostly meant seriously, and away from it where it is mostly a figure of speech.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.answer import Answer
from indexer.knowledge import JudgedClaim
from indexer.words import phrases, rule


class Concern(StrEnum):
    """What a note is about, the most urgent first."""

    SELF_HARM = "self_harm"
    MEDICINE = "medicine"
    HEALTH = "health"
    EATING = "eating"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True)
class Note:
    """A concern, whether the question touches it, and the claims of the answer that do, in their order."""

    concern: Concern
    asked: bool
    claims: tuple[JudgedClaim, ...] = ()


_SELF = "(?:myself|yourself|himself|herself|themsel(?:f|ves))"
_NOT_MEANT = phrases("""
    laughing|training|running|with|over|for|at|working|trying|studying|on|in|to|by|doing|lifting|when|if|while
    financially
""")
"""After "kill myself": a figure of speech, or a warning of something else."""
_A_CUT = phrases("""
    some|a|off|out|shaving|on|while|with|when|short|up|down|loose|free|slack|cooking|in|from|chopping
""")
"""After "cut myself": no self-harm."""
_PLACE = phrases("in|with|at|on|near|like|there|here|alone|off|by|under|next|close|so|that")
_BODY = phrases(
    "knees?|back|shoulders?|hips?|ankles?|wrists?|neck|elbows?|joints?|chest|heels?|shins?|achilles|hamstrings?"
)
_FIXTURE = phrases("switch(es)?|fixtures?|lights?|fans?|outlets?|sockets?|shower|cooker|panel")
_AN = phrases("an|a|the|my|your")

_SELF_HARM = rule(
    r"""
    \bsuicidal\b
    \b(commit(ted|ting)?|attempt(ed|ing)?|consider(ed|ing)?|thoughts? (of|about)|think(ing)? (of|about)|by) suicide\b
    \bsuicide (attempts?|notes?|hotline|prevention|risk|ideation|thoughts?)\b
    \bself[\s-]?harm(s|ed|ing)?\b
    (?<!ll\s)(?<!almost\s)(?<!nearly\s)(?<!gonna\s)\b(kill|killed|killing|harm|harming) <self>\b(?! <not_meant>\b)
    \b(wants? to|wanted to|thinking (of|about)|thoughts? of|urges? to|feels? like) hurt(ing)? <self>\b
    \bhurt(ing)? <self> on purpose\b
    \b(end|ended|ending|take|took|taking) (my|your|his|her|their) (own )?life\b
    \b(want|wants|wanted|wish|wished) (to die|(i|he|she) (was|were) dead|to be dead)\b(?! (of|from|laughing)\b)
    \b(cutting|cut) <self>\b(?! <a_cut>\b)
    \bno (reason|point) (to live|(in )?living)\b(?! <place>\b)
    \bdon't want to (live|be alive|exist)\b(?! <place>\b)
    """,
    self=_SELF,
    not_meant=_NOT_MEANT,
    a_cut=_A_CUT,
    place=_PLACE,
)
_MEDICINE = rule(
    r"""
    \b(ibuprofen|paracetamol|acetaminophen|tylenol|aspirin|naproxen|nsaids?|advil|antibiotics?|antidepressants?)\b
    \b(ssris?|adderall|ritalin|vyvanse|concerta|modafinil|xanax|valium|benzos?|opioids?|opiates?|oxycodone)\b
    \b(codeine|tramadol|fentanyl|testosterone|melatonin|insulin|metformin|statins?|accutane|isotretinoin)\b
    \b(finasteride|minoxidil|ozempic|semaglutide|wegovy|cocaine|heroin|mdma|ketamine|methamphetamine|psilocybin)\b
    \b(medications?|medicines|meds|painkillers?|pain killers?|sleeping pills?|birth control|contraceptive pills?)\b
    \b(take|taking|took|prescribed|cold|allergy|cough) medicine\b
    \bprescription (drugs?|meds?|pills?|strength)\b
    \b(take|takes|took|taking|taken|prescribed|abuse|abusing|illegal|recreational|hard) (drugs|pills)\b
    \b(overdos(e|es|ed|ing)|dosages?)\b(?! on (sugar|cuteness|tv|nostalgia)\b)
    (?<!on\s)\bsteroids?\b
    \b(chemo(therapy)?|vaccin(e|es|ated|ation))\b
    \b\d{1,5}[\s-]?mg\b
    """
)
_HEALTH = rule(
    r"""
    (?<!no\s)(?<!gain\s)\bpain\b(?!,? (no gain|au|points?|to|in the (ass|butt|neck|arse|rear|backside))\b)
    \bpains\b(?! (me|him|her|us|of)\b)
    \b(painful|injur(y|ies|ed|ing)|concuss(ed|ions?)|fractur(e|es|ed)|sprain(s|ed)?)\b(?! (list|reserve)\b)
    \b(tend[io]nitis|sciatica|arthritis|hernia|shin splints?|plantar fasciitis|herniated|slipped dis[ck])\b
    \btorn (acl|meniscus|ligament|muscle|rotator)\b
    \b<body>( and \w{2,14})? (hurts?|aches?|problems?|surgery|issues)\b
    \b(heart (attack|disease|condition|palpitations)|blood pressure|seizures?|epilep(sy|tic)|diabet(es|ic)|asthma)\b
    \b(migraines?|cancer|tumou?rs?|clinically depressed|anxiety|panic attacks?|adhd|bipolar|ptsd|ocd)\b
    \b(eating disorder|anorexi[ac]|bulimi[ac]|anaphyla\w{2,6}|eczema|pregnan(t|cy)|miscarriage|inflammation)\b
    (?<!great\s)\bdepression\b(?! (era|glass)\b)
    \b(infections?|infected|allerg(y|ies)|allergic)\b(?! (with malware|files?|computers?|pcs?)\b)
    \brash\b(?! (decisions?|move|choice|acts?|judge?ments?)\b)
    \bfever\b(?! (pitch|dreams?)\b)
    \b(diagnosed with|my symptoms|surgery|physio(therapist|therapy)?|physical therap(y|ist)|chiropractor)\b
    \b(see|seen|ask|consult|visit|saw|talk to) (a|your|my|the) (doctor|gp|physician|dermatologist|dentist)\b
    \b(dehydrat(ed|ion)|heat[\s-]?stroke|hypothermia|frostbite|food poisoning|botulism|salmonella|carcinogenic)\b
    """,
    body=_BODY,
)
_EATING = rule(
    r"""
    \b(fasting|water fasts?|fasts? for \d|\d{1,3}[\s-](hour|day) fasts?|one meal a day|omad)\b
    \bintermittent fast(s|ing)?\b
    \b(crash diets?|keto(genic)? diet|laxatives?|purging|starv(e|es|ed|ing) <self>)\b
    \b(calorie|caloric) (deficit|restriction)s?\b
    """,
    self=_SELF,
)
_SAFETY = rule(
    r"""
    \b(electrocut(ed|ion|es?|ing)|electric(al)? shocks?|high voltage|live wires|mains (voltage|power|wiring))\b
    \b(electrical (work|panel|outlets?|wiring|wires?|box|fire|fault|socket)|house wiring)\b
    \bre-?wir(e|ed|ing)\b(?! (your|my|our|the|his|her|their) (brain|mind|thinking|habits?)\b)
    \b<work> (up )?(<an> )?(own )?(new |old )?(light|ceiling|electric(al)?|wall|power|mains) <fixture>\b
    \b(breaker (box|panel)|fuse[\s-]?box|consumer unit|circuit breakers? (trips?|tripped|tripping|panel|box))\b
    \b(gas (leaks?|lines?|pipes?|fittings?|valves?|boilers?|heaters?|fumes|fitter|cylinders?)|smell (of )?gas)\b
    \b(propane|carbon monoxide|asbestos|lead paint|chain[\s-]?saws?|angle grinders?|table saws?|load[\s-]bearing wall)\b
    \b(fall|fell|falling|climb|climbing|climbed) (off|from|up|on|down) (<an> )?(ladder|roof|scaffold(ing)?)\b
    \b(on|up) <an> (tall |extension |high |step )?ladder\b
    \b(extension ladder|ladder (slipped|fell|safety))\b
    \b(mix|mixing|mixed) (bleach|ammonia)\b
    \b(bleach (and|with) (ammonia|vinegar)|ammonia and bleach|drain cleaner|caustic soda|toxic fumes|flammable)\b
    \b(brake (failure|lines? cut)|jack stands?|firearms?|loaded gun|drunk driving|drink and drive|driving drunk)\b
    \b(pressure cann(er|ing)|home cann(ed|ing)|smoke (alarm|detector)s?|caught fire|house fire)\b
    """,
    work=phrases("(re)?wire|(re)?wiring|replac(e|ing)|install(ing)?|chang(e|ing)|swap(ping)?|fix(ing)?"),
    fixture=_FIXTURE,
    an=_AN,
)
WORDS: Mapping[Concern, re.Pattern[str]] = {
    Concern.SELF_HARM: _SELF_HARM,
    Concern.MEDICINE: _MEDICINE,
    Concern.HEALTH: _HEALTH,
    Concern.EATING: _EATING,
    Concern.SAFETY: _SAFETY,
}
"""The words of each concern."""


def touches(text: str) -> tuple[Concern, ...]:
    """Return what `text` touches, the most urgent first."""
    return tuple(concern for concern, words in WORDS.items() if words.search(text))


def alone(answer: Answer) -> Note | None:
    """Return the note that stands first and alone, before anything people said is opened; None for most questions.

    That is the note of a question about self-harm: nobody in that need is met by a balance of opinions.
    """
    if Concern.SELF_HARM not in _asked(answer):
        return None
    return next(note for note in safety_notes(answer) if note.concern is Concern.SELF_HARM)


def notes_beside(answer: Answer) -> tuple[Note, ...]:
    """Return the safety notes but the one that stands alone."""
    first = alone(answer)
    return tuple(note for note in safety_notes(answer) if first is None or note.concern is not first.concern)


def safety_notes(answer: Answer) -> tuple[Note, ...]:
    """Return what the question, as typed or as understood, or the claims that the answer shows touch; urgent first."""
    asked = _asked(answer)
    shown = [judged for judged in answer.claims() if answer.narrowed in (None, judged.judgement.stance)]
    of_claims = [(judged, touches(judged.cited.claim.text)) for judged in shown]
    notes = [
        Note(concern, concern in asked, tuple(judged for judged, found in of_claims if concern in found))
        for concern in Concern
    ]
    return tuple(note for note in notes if note.asked or note.claims)


def _asked(answer: Answer) -> set[Concern]:
    return {*touches(answer.asked), *touches(answer.question.text)}
