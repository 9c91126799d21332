"""What outcomes are called: decisions about people, judgements of them, and what explains an attribute honestly.

Words are compared one by one with the parts of names (:func:`.lexicon.parts`) and with the words of short strings.
"""

from __future__ import annotations

import re

from bluehook.detect.bias.lexicon import listed, parts, spoken

_DECISION = re.compile(
    r"(?:approv|reject|deny|deni(?:ed|al)|declin|eligib|ineligib|qualif|disqualif|unqualif|hir(?:e|es|ed|ing|able)$|rehire|"
    r"fired$|recruit|shortlist|admit|admission|accept(?:ed|able|s|ance)?$|grant(?:ed|s|ing)?$|allow|disallow|permit|"
    r"permission|forbid|forbidden|ban(?:ned|s)?$|block(?:ed)?$|denylist|blacklist|whitelist|access(?:ible)?$|authori[sz]ed|"
    r"score|scoring|rank|ranking|rating|risk|premium|pric(?:e|es|ing)$|quote|discount|surcharge|fee$|fees$|fare|salar|wage|"
    r"pay$|payout|compensat|bonus|raise$|promot|demot|loan|credit|mortgage|interest|lend|limit$|tier$|priorit|bail$|"
    r"sentenc|parole|probation|suspicio|suspect|threat|fraud|crimin|flagged|trust|untrust|reputation|recommend|penalt|"
    r"penali[sz]|boost|bias(?:ed)?$|offer|invite|interview|benefit|scholarship|rent$|rental|tenan|lease|evict|terminat|"
    r"layoff|laid|dismiss|multiplier|likelihood|points?$|decision|decide|verdict|winner|best$|worst|preferred|prefer$|"
    r"advertis|ads?$|suitab|unsuitab|fit$|worthy|worth$|superior|inferior|valuable|desirab|undesirab|select(?:ed|ion|able)?$|"
    r"screen(?:ed|ing)?$|chosen$|insur|deport|detain|arrest|surveil|watchlist|monitor(?:ed)?$|"
    r"expel|exclud|privileg|vip$|upgrade|entitle|grade$|dangerous|dangerousness|recidiv|capab|compet(?:ent|ence)|aptitude|"
    r"productiv|aggressi|toxic|manual|probabilit|visib|pass(?:es|ed)$)"
)  # fmt: skip
_TRAIT = listed(
    "smart clever intelligent brilliant gifted dumb stupid idiotic foolish moronic ignorant incompetent inept "
    "incapable competent skilled talented unskilled educated uneducated lazy idle diligent hardworking industrious "
    "ambitious honest dishonest trustworthy untrustworthy reliable unreliable loyal disloyal corrupt greedy selfish "
    "generous kind cruel nasty evil wicked vile violent aggressive dangerous hostile criminal suspicious guilty "
    "innocent good bad better worse best worst terrible horrible awful disgusting filthy smelly ugly "
    "beautiful pretty handsome attractive unattractive sexy emotional hysterical irrational "
    "rational angry moody sad happy depressed tired crazy insane mad weird freakish strange unnatural "
    "immoral moral sinful shallow superficial silly ridiculous boring annoying obnoxious rude polite arrogant humble "
    "submissive dominant bossy nagging useless worthless useful valuable unworthy worthy superior inferior primitive "
    "savage uncivilized civilized exotic backward stingy dramatic timid cowardly brave promiscuous "
    "shitty crappy lousy pathetic"
)

_STATISTICS = (
    "count counts counter counters num number tally tallies histogram hist stat stats statistic "
    "statistics summary summarize summarise distribution demographic demographics breakdown proportion percentage "
    "percent ratio share mean median average avg std variance cohort strata stratum stratify stratified groupby "
    "aggregate aggregated crosstab pivot plot chart graph census survey sample population prevalence"
)
_FAIRNESS = (
    "fairness fair parity disparity disparate impact equalized equalised odds audit audits auditing unfair debias "
    "mitigate mitigation reweigh reweighing privileged unprivileged protected sensitive bias biases"
)
_ANONYMISE = (
    "anonymize anonymise anonymized anonymised anonymous anonymization pseudonymize redact redacted mask masked "
    "scrub suppress generalize generalise deidentify"
)
_DATA = (
    "encode encoded encoder encoding decode dummy dummies onehot feature features vectorize map mapping mapped parse "
    "parsed parser normalize normalise normalized convert converted converter migrate migration legacy import export "
    "serialize deserialize row column csv fake faker fixture factory mock random generate generator generated "
    "simulate simulation simulated synthetic seed"
)
_VALIDATION = "valid invalid validate validated validator validation errors error choices"
_LANGUAGE = (
    "print head tail log logger debug info hello say welcome wish thank "
    "pronoun pronouns salutation honorific greeting greet title prefix suffix translate translation gettext locale "
    "localize localise i18n grammar grammatical noun article declension inflect inflection conjugate conjugation "
    "plural text phrase sentence_text caption label labels display verbose describe description format formatted "
    "render icon icons image img avatar color colour css style symbol emoji sprite skin voice voices speaker tts "
    "speech audio wavenet template letter subject message msg name names nickname"
)
_MEDICAL = (
    "blood donate donation sofa gestational disease infected infection infectious fetal neonatal maternal birth "
    "lactation "
    "dose dosage dosing bmr bmi egfr gfr creatinine clearance hemoglobin haemoglobin hematocrit ferritin lipid "
    "cholesterol glucose diagnosis diagnose symptom mammogram mammography prostate ovarian cervical breast "
    "pregnancy prenatal antenatal gestation vaccine vaccination vaccinate immunization clinical cancer cardio "
    "cardiovascular cvd ascvd framingham qrisk stroke frailty anatomy hormone hormonal testosterone estrogen "
    "menstrual menopause contraceptive fertility metabolic calorie calories kcal nutrition nutrient bodyfat "
    "spirometry fev reference referenceinterval trial radiology organ donor mortality growth percentile height bsa "
    "pce sbp hdl ldl hba1c score2 qrisk3 plasma serum"
)
_LAW = "tax taxes taxable filing deduction irs conscription draft selective pension retirement statutory census"
_ACCESS = (
    "accommodation accommodations accommodate accessibility accessible a11y assist assistive assistance ramp "
    "screenreader screen reader enable subtitles captions wheelchair companion support"
)
_TRAVEL = "visa passport immigration consulate embassy entry border sanctions sanction export residency"
_SPORT = (
    "event events heat category categories division league tournament competition bracket lane relay match "
    "runner runners marathon athlete athletes swimmer  "
    "swimming sprint triathlon boxing"
)
_LEAVE = "maternity paternity leave parental"

_BENIGN = frozenset(
    f"{_STATISTICS} {_FAIRNESS} {_ANONYMISE} {_DATA} {_VALIDATION} {_LANGUAGE}".replace("sentence_text ", "").split()
)
_BENIGN_FOR = {
    "gender": f"{_MEDICAL} {_SPORT} {_LEAVE} {_LAW} room rooms dorm restroom toilet size sizes clothing",
    "gender identity": f"{_MEDICAL} {_SPORT}",
    "sexual orientation": _MEDICAL,
    "race": _MEDICAL,
    "age group": f"{_MEDICAL} {_LAW} {_SPORT} {_ACCESS} guardian consent",
    "disability": f"{_MEDICAL} {_ACCESS}",
    "pregnancy": f"{_MEDICAL} {_LEAVE} {_ACCESS}",
    "marital status": f"{_LAW} {_LEAVE} spouse",
    "nationality": f"{_TRAVEL} {_LAW}",
    "religion": "calendar holiday holidays meal diet dietary halal kosher prayer feast",
    "income class": f"{_LAW} subsidy quota reservation",
    "politics": "election elections electoral vote votes ballot seat seats poll polls district",
    "occupation": f"{_LAW} {_LANGUAGE} spawn tool",
}
MEDICAL = frozenset({"gender", "gender identity", "sexual orientation", "race", "age group", "disability", "pregnancy"})
"""Attributes that medicine asks for."""
_STRONG = frozenset(
    f"{_FAIRNESS} {_ANONYMISE} encode encoded encoder encoding dummies onehot faker fixture count counts counter tally "
    "histogram statistics stats distribution demographic demographics breakdown proportion percentage ratio crosstab "
    "anonymize parity simulate simulation simulated synthetic shape nunique mean median std".split()
) - {"suppress", "bias", "biases", "fair", "unfair", "impact", "mask", "sensitive", "protected",
     "privileged", "unprivileged"}  # fmt: skip
PERSON = listed(
    "person persons people individual individuals human humans user users applicant applicants candidate candidates "
    "employee employees worker workers staff student students pupil pupils customer customers client clients member "
    "members citizen citizens patient patients tenant tenants renter renters borrower borrowers resident residents "
    "participant participants respondent respondents passenger passengers traveler travellers driver drivers victim "
    "victims suspect suspects defendant defendants inmate inmates prisoner prisoners offender offenders visitor "
    "visitors guest guests friend friends neighbor neighbors neighbour neighbours voter voters donor recipient "
    "recipients profile profiles colleague colleagues teacher teachers buyer buyers policyholder policyholders insured "
    "claimant claimants child children kid kids adult adults man men woman women player players athlete athletes "
    "persona personas subscriber subscribers lead leads contact contacts jobseeker hire hires homeowner homebuyer "
    "guy guys folk folks author authors sender commenter"
)
_MARKET = re.compile(
    r"(?:hir|rehire|fired|recruit|shortlist|salar|wage|bonus|promot|demot|loan|credit|mortgage|lend|premium|pric|quote|"
    r"discount|insur|rent|tenan|lease|evict|interview|layoff|dismiss)"
)
_CLINICAL = frozenset(_MEDICAL.split()) - listed(
    "birth lean reference trial growth height percentile organ anatomy fertility symptom donation donate blood"
)
_COMMERCE = re.compile(r"(?:discount|pric|fare|ticket|fee|menu|offer|benefit|priorit)")
_WORD = re.compile(r"[a-z]+")
_LONGEST_TEXT = 60


def decides(words: frozenset[str]) -> str:
    """The word among these that names a decision or a judgement of a person, or nothing."""
    return next((word for word in sorted(words) if _DECISION.match(word) or word in _TRAIT), "")


def judges(words: frozenset[str]) -> bool:
    """Whether one of these words says what somebody is like (lazy, smart)."""
    return not words.isdisjoint(_TRAIT)


def explains(words: frozenset[str], attribute: str) -> bool:
    """Whether one of these words is an honest use of the attribute: statistics, fairness, language, medicine, law."""
    own = _BENIGN_FOR.get(attribute, "").split()
    return not words.isdisjoint(_BENIGN) or not words.isdisjoint(own)


def overrides(words: frozenset[str], attribute: str) -> bool:
    """Whether it explains even what is called a decision: an audit of approvals, a screening score."""
    own = _BENIGN_FOR.get(attribute, "").split()
    return not words.isdisjoint(_STRONG) or not words.isdisjoint(own)


def is_clinical(statement: frozenset[str], function: frozenset[str]) -> bool:
    """Whether a statement, or the function around it, reckons with what is measured in patients."""
    return not statement.isdisjoint(_CLINICAL) or len(function & _CLINICAL) > 1


def hires_or_sells(word: str) -> bool:
    """Whether a word is of work, credit, housing or insurance, where clinical measures are no excuse."""
    return _MARKET.match(word) is not None


def sells(words: frozenset[str]) -> bool:
    """Whether it is about prices: children and pensioners pay less everywhere."""
    return any(_COMMERCE.match(word) for word in words)


def words_of(*names: str) -> frozenset[str]:
    """The words of some names."""
    return frozenset(word for name in names for word in parts(name))


def words_said(text: str) -> frozenset[str]:
    """The words of a short string (``"Rejected"``), none of a long one: what prose mentions is no outcome."""
    return frozenset(_WORD.findall(spoken(text))) if len(text) <= _LONGEST_TEXT else frozenset()
