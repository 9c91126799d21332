"""Protected attributes: what they are called in code, which values they take, and what only stands for one of them.

A row of :data:`ATTRIBUTES` is one attribute. ``names`` are the words that a variable, key or column of it ends in
(``applicant_gender``); ``values`` are words that name a group; ``codes`` are short forms that name one only in company
(``m`` is a sex beside a score and a letter elsewhere). ``flags`` are names that are true of a group by themselves.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple


class Attribute(NamedTuple):
    """One protected attribute; ``told`` is what a message calls it.

    ``contested`` marks those that many honest programs decide by (an occupation has its own offers), so that more than
    a decision is needed to show bias. A ``proxy`` is no attribute itself but divides people nearly as one does.
    """

    key: str
    told: str
    names: frozenset[str]
    values: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    contested: bool = False
    proxy: bool = False


def listed(text: str) -> frozenset[str]:
    """The words of a list with spaces."""
    return frozenset(text.split())


def phrases(text: str) -> frozenset[str]:
    """The phrases of a list with commas."""
    return frozenset(part.strip() for part in " ".join(text.split()).split(",") if part.strip())


_GENDERS = phrases(
    "male, female, man, woman, men, women, boy, girl, lady, gentleman, guy, males, females, boys, girls, ladies, "
    "nonbinary, non binary, enby, hombre, mujer, masculino, femenino, feminino, homem, mulher, männlich, weiblich, "
    "mann, frau, homme, femme"
)
_DEMONYMS = phrases(
    "american, british, english, scottish, welsh, irish, french, german, italian, spanish, portuguese, dutch, polish, "
    "romanian, bulgarian, hungarian, greek, turkish, russian, ukrainian, serbian, albanian, chinese, japanese, korean, "
    "vietnamese, thai, filipino, filipina, indonesian, malaysian, indian, pakistani, bangladeshi, afghan, iranian, "
    "iraqi, syrian, lebanese, saudi, egyptian, moroccan, algerian, nigerian, kenyan, ethiopian, somali, ghanaian, "
    "sudanese, mexican, cuban, haitian, jamaican, puerto rican, colombian, venezuelan, brazilian, guatemalan, "
    "honduran, israeli, palestinian, canadian, australian, swedish, norwegian, danish, finnish, african, european"
)
_COUNTRIES = phrases(
    "usa, united states, mexico, china, india, pakistan, bangladesh, afghanistan, iran, iraq, syria, yemen, libya, "
    "somalia, sudan, nigeria, kenya, ethiopia, egypt, morocco, algeria, turkey, russia, ukraine, romania, bulgaria, "
    "albania, north korea, vietnam, philippines, indonesia, cuba, haiti, jamaica, colombia, venezuela, guatemala, "
    "honduras, el salvador, brazil, israel, palestine, germany, france, italy, spain, poland, uk, united kingdom"
)

ATTRIBUTES = (
    Attribute(
        "gender", "gender",
        phrases("gender, sex, sex at birth, genero, género, sexo, geschlecht, sexe, genre personne"),
        _GENDERS,
        phrases("m, f, w, fem, masc"),
        phrases("is male, is female, is man, is woman, is boy, is girl, is lady"),
    ),
    Attribute(
        "race", "race or ethnicity",
        phrases("race, ethnicity, ethnic group, ethnic origin, ethnic background, ethnic, racial group, "
               "race ethnicity, "
               "raza, etnia, ethnie, skin color, skin colour, skin tone, skintone, skincolor, complexion, ancestry"),
        _DEMONYMS | phrases(
            "white, black, brown, dark, dark skinned, light skinned, asian, asian american, south asian, east asian, "
            "southeast asian, hispanic, latino, latina, latinx, latin american, african american, afro american, "
            "caucasian, native american, american indian, alaska native, native hawaiian, pacific islander, "
            "indigenous, aboriginal, maori, first nations, inuit, arab, arabic, middle eastern, jewish, jew, roma, "
            "romani, gypsy, traveller, kurdish, biracial, multiracial, mixed race, mulatto, person of color, "
            "people of color, bame, negro, blanco, negra"
        ),
        phrases("w, b, a, h, poc, aa"),
        phrases("is hispanic, is latino, is latina, is asian, is caucasian, is african american, is white person, "
               "is black person, "
               "is minority, is ethnic minority, is person of color, is indigenous, is roma, is jewish"),
    ),
    Attribute(
        "nationality", "nationality or origin",
        phrases("nationality, national origin, country of origin, birth country, country of birth, place of birth, "
               "birthplace, citizenship, citizenship country, nacionalidad, nationalite, staatsangehörigkeit"),
        _DEMONYMS | _COUNTRIES | phrases("foreigner, foreign, immigrant, refugee, migrant, alien, expat"),
        phrases("us, mx, in, cn, ng, pk, ir, ru, ro, foreign born"),
        phrases("is immigrant, is foreigner, is migrant, is refugee, is foreign born, is foreign national"),
    ),
    Attribute(
        "religion", "religion",
        phrases("religion, faith, religious affiliation, religious belief, religious beliefs, religious group, creed, "
               "belief, church affiliation, religión, konfession"),
        phrases("christian, christianity, muslim, moslem, islam, islamic, jewish, jew, judaism, hindu, hinduism, "
               "buddhist, buddhism, sikh, sikhism, atheist, atheism, agnostic, catholic, catholicism, protestant, "
               "orthodox, evangelical, baptist, methodist, lutheran, anglican, presbyterian, pentecostal, mormon, "
               "quaker, amish, jehovah's witness, jehovahs witness, sunni, shia, shiite, ahmadi, jain, jainism, "
               "taoist, shinto, bahai, zoroastrian, pagan, wiccan, satanist, rastafarian, scientologist, "
               "secular, nonbeliever"),
        phrases("c, m, j, h"),
        phrases("is muslim, is christian, is jewish, is hindu, is catholic, is sikh, is buddhist, is atheist, "
               "is religious, wears hijab, wears headscarf, wears turban, wears burqa, attends church, goes to church"),
    ),
    Attribute(
        "age group", "age group",
        phrases("age, age group, age range, age category, age bracket, generation, edad, alter"),
        phrases("old, young, elderly, senior, seniors, child, children, kid, kids, teen, teens, teenager, teenage, "
               "middle aged, youth, boomer, baby boomer, millennial, gen z, gen x, older, younger, geriatric, "
               "pensioner, retiree"),
    ),
    Attribute(
        "disability", "disability or health",
        phrases("disability, disabilities, disability status, handicap, impairment, mental health, "
               "mental illness, hiv status, health condition, medical condition, chronic illness, discapacidad"),
        phrases("disabled, handicapped, crippled, cripple, deaf, hard of hearing, blind, visually impaired, "
               "wheelchair, "
               "wheelchair user, autistic, autism, adhd, dyslexic, dyslexia, bipolar, schizophrenic, schizophrenia, "
               "paralyzed, paralysed, paraplegic, quadriplegic, amputee, mute, deaf mute, down syndrome, epileptic, "
               "epilepsy, mentally ill, mentally disabled, physically disabled, intellectually disabled, "
               "learning disability, cerebral palsy, mobility, hearing, visual, cognitive, hiv positive"),
        phrases("yes, y, true, no, n, none, 1, positive"),
        phrases("is disabled, has disability, has disabilities, has a disability, is handicapped, is deaf, is blind, "
               "is autistic, is wheelchair user, uses wheelchair, has mental illness, is mentally ill, "
               "has chronic illness, is hiv positive"),
    ),
    Attribute(
        "sexual orientation", "sexual orientation",
        phrases("sexual orientation, sexuality, sexual preference, orientation, orientación sexual"),
        # Many who write "sexuality" mean sex.
        _GENDERS | phrases("gay, lesbian, straight, homosexual, heterosexual, bisexual, bi, queer, asexual, pansexual, "
                          "homo, hetero, lgbt, lgbtq, transgender, transsexual"),
        frozenset(),
        phrases("is gay, is lesbian, is straight, is homosexual, is heterosexual, is bisexual, is queer, is lgbt, "
               "is lgbtq"),
    ),
    Attribute(
        "gender identity", "gender identity",
        phrases("gender identity, gender expression, trans status"),
        phrases("transgender, trans, transsexual, trans man, trans woman, cisgender, cis, nonbinary, non binary, "
               "genderqueer, genderfluid, agender, intersex, two spirit"),
        frozenset(),
        phrases("is trans, is transgender, is cisgender, is nonbinary, is intersex"),
    ),
    Attribute(
        "marital status", "marital or family status",
        phrases("marital status, marital, civil status, relationship status, family status, parental status, "
               "maritalstatus, estado civil"),
        phrases("single, married, divorced, widowed, separated, unmarried, single mother, single parent, mother, "
               "never married, partnered, cohabiting"),
        phrases("s, m, d"),
        phrases("is married, is single, is divorced, is widowed, is unmarried, is single mother, is single parent, "
               "is mother, has children, has kids, has young children, plans children"),
    ),
    Attribute(
        "pregnancy", "pregnancy",
        phrases("pregnancy, pregnancy status, pregnant"),
        phrases("pregnant, expecting, trying to conceive, maternity"),
        phrases("yes, y, true, positive"),
        phrases("is pregnant, planning pregnancy, plans pregnancy, may become pregnant, on maternity leave"),
    ),
    Attribute(
        "income class", "social class or caste",
        phrases("social class, income class, income group, income bracket, socioeconomic status, economic class, ses, "
               "economic status, wealth class, caste, caste group, jati, varna"),
        phrases("poor, rich, wealthy, lower class, working class, middle class, upper class, low income, underclass, "
               "welfare recipient, homeless, impoverished, brahmin, kshatriya, vaishya, shudra, dalit, untouchable, "
               "scheduled caste, scheduled tribe, general caste"),
        phrases("low, high, lower, upper, middle, sc, st, obc"),
        phrases("is homeless, on welfare, is poor, receives welfare, is dalit, is brahmin, lives in public housing"),
    ),
    Attribute(
        "politics", "political opinion",
        phrases("politics, political party, political affiliation, political view, political views, political opinion, "
               "political leaning, political orientation, party affiliation, party, partido"),
        phrases("democrat, democrats, democratic, republican, republicans, gop, liberal, conservative, libertarian, "
               "left, right, left wing, right wing, leftist, rightist, far left, far right, socialist, "
               "communist, marxist, "
               "progressive, labour, labor, tory, tories, centrist, fascist, nationalist, anarchist, populist"),
        phrases("d, r, l, dem, rep"),
        phrases("is democrat, is republican, is liberal, is conservative, is communist, is socialist, is union member, "
               "union member"),
    ),
    Attribute(
        "occupation", "occupation",
        phrases("occupation, profession, job, job title, vocation"),
        phrases("doctor, physician, surgeon, nurse, lawyer, attorney, judge, teacher, professor, student, scientist, "
               "engineer, programmer, developer, accountant, banker, manager, executive, ceo, secretary, salesman, "
               "saleswoman, salesperson, clerk, cashier, waiter, waitress, chef, cook, cleaner, janitor, maid, nanny, "
               "housewife, househusband, driver, farmer, worker, laborer, labourer, builder, plumber, electrician, "
               "mechanic, carpenter, soldier, policeman, policewoman, police officer, firefighter, artist, musician, "
               "actor, actress, writer, journalist, model, athlete, politician, priest, unemployed, retired"),
        contested=True,
    ),
    Attribute(
        "zip code", "where somebody lives, which stands for race and class",
        phrases("zip, zip code, zipcode, postal code, postcode, neighborhood, neighbourhood, postleitzahl, plz"),
        proxy=True,
    ),
    Attribute(
        "name", "a name, which stands for origin and sex",
        phrases("surname, last name, lastname, family name, first name, firstname, given name, maiden name"),
        proxy=True,
    ),
    Attribute(
        "speech", "how somebody speaks, which stands for origin",
        phrases("accent, native language, mother tongue, first language, dialect, primary language"),
        flags=phrases("has accent, has foreign accent, is native speaker, native speaker, speaks spanish at home"),
        proxy=True,
    ),
    Attribute(
        "pronouns", "pronouns, which stand for gender",
        phrases("pronoun, pronouns, preferred pronouns"),
        phrases("he, she, they, he/him, she/her, they/them, him, her"),
        proxy=True,
    ),
)  # fmt: skip
"""Every attribute, in the order in which a name is looked up."""

_SUFFIXES = phrases(
    "code, id, value, val, str, string, name, type, group, category, lower, norm, normalized, raw, label, key, col, "
    "column, field, text, status, desc, enum, choice, clean, cleaned, title, x, y, 1, 2, in, exact, iexact, contains, "
    "icontains, eq, ne"
)
_NOT_BEFORE = {
    "race": phrases("data, horse, car, arms, current, next, last, foot, boat, bike, cycling, the, has, in, detect"),
    "age": phrases("max, min, cache, page, cookie, file, log, object, key, token, session, build, commit, issue, "
                  "message, disk, node, process, account, average, mean, median, maximum, minimum, certificate, cert, "
                  "control, snapshot, backup, image, entry, item, record, stone, golden, data, queue, lock, job"),
    "alter": phrases("an, the, to"),
    "sex": phrases("safe, same"),
    "party": phrases("third, 3rd, first, 1st, birthday, other, second, counter, counterparty, dinner, search"),
    "job": phrases("cron, print, batch, current, next, new, ci, build, background, celery, spark, the"),
    "orientation": phrases("page, screen, image, device, text, paper, phone, exif, camera"),
    "faith": phrases("good, bad"),
    "generation": phrases("text, code, image, key, next, current, token, gc"),
    "zip": phrases("to, un, gz, make, is, read, write, open"),
    "belief": phrases("prior"),
    "ethnic": frozenset(),
}  # fmt: skip
_NEEDS_PEOPLE = phrases(
    "disabled, is disabled, blind, is blind, is deaf, job, job title, party, alter, generation, ses, zip, name, "
    "first name, firstname, given name, last name, lastname, family name, age, belief, faith, orientation, "
    "complexion, handicap, "
    "impairment, is single, is straight, is mother, native speaker, vocation, accent, dialect, primary language, "
    "first language, civil status, is lady, is man, is woman, is boy, is girl, birthplace, is foreign, foreigner, "
    "is poor, is liberal, is conservative, is religious, is minority, pronoun, postcode, postal code, zipcode, "
    "zip code, neighborhood, neighbourhood, occupation, profession, is married, has children, is trans, is indigenous"
)  # fmt: skip
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-zà-ÿ]+|\d+")
_LONGEST_NAME = 80


@lru_cache(maxsize=8192)
def parts(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: ``applicantRace_code`` is applicant, race, code."""
    return tuple(part.lower() for part in _PART.findall(name[:_LONGEST_NAME]))


@cache
def _by_name() -> dict[str, Attribute]:
    found: dict[str, Attribute] = {}
    for attribute in ATTRIBUTES:
        for name in attribute.names:
            found.setdefault(name, attribute)
    return found


def attribute_named(name: str) -> Attribute | None:
    """The attribute that a variable, key, column or getter of this name holds, or ``None``."""
    found = _named(name)
    return found[0] if found is not None else None


@lru_cache(maxsize=4096)
def _named(name: str) -> tuple[Attribute, str] | None:
    """The attribute and the phrase that named it."""
    words = parts(name)
    if not words or len(words) > 8:
        return None
    if words[0] in ("get", "fetch", "read"):
        words = words[1:]
    index = _by_name()
    while words:
        for length in (3, 2, 1):
            end = " ".join(words[-length:])
            attribute = index.get(end) if length <= len(words) else None
            if attribute is None:
                continue
            before = words[-length - 1] if length < len(words) else ""
            return None if before in _NOT_BEFORE.get(end, ()) else (attribute, end)
        if words[-1] not in _SUFFIXES:
            return None
        words = words[:-1]
    return None


@lru_cache(maxsize=4096)
def flag_named(name: str) -> tuple[Attribute, str] | None:
    """The attribute and group that a truth value of this name tells of (``is_female``), or ``None``."""
    words = parts(name)
    for length in range(min(4, len(words)), 0, -1):
        found = _flags().get(" ".join(words[-length:]))
        if found is not None and (length > 1 or len(words) == 1):
            return found
    return None


@cache
def _flags() -> dict[str, tuple[Attribute, str]]:
    found = {}
    for attribute in ATTRIBUTES:
        for flag in attribute.flags:
            found[flag] = (attribute, flag.partition(" ")[2] or flag)
        for word in ("pregnant", "disabled"):
            if word in attribute.values:
                found[word] = (attribute, word)
    return found


@lru_cache(maxsize=4096)
def needs_people(name: str) -> bool:
    """Whether a name means an attribute only where people are spoken of: a form field is disabled as well."""
    found = _named(name)
    if found is not None:
        return found[1] in _NEEDS_PEOPLE
    joined = " ".join(parts(name))
    return any(joined == phrase or joined.endswith(f" {phrase}") for phrase in _NEEDS_PEOPLE)


def spoken(value: str) -> str:
    """A value as it is looked up: lower case, separators as spaces."""
    return " ".join(re.sub(r"[-_/.]+", " ", value[:_LONGEST_NAME].lower()).split())


def strength(attribute: Attribute, value: str) -> int:
    """2 where a value names a group of this attribute, 1 where it could, 0 where it does not."""
    said = spoken(value)
    if said in attribute.values or (said.endswith("s") and said[:-1] in attribute.values):
        return 2
    return 1 if said in attribute.codes else 0


@cache
def group_words() -> frozenset[str]:
    """Single words that name groups or attributes, in singular and plural: what a list of such a group is called."""
    found: set[str] = set()
    for attribute in ATTRIBUTES:
        if attribute.proxy:
            continue
        for phrase in (*attribute.names, *attribute.values):
            if " " not in phrase:
                found |= {phrase, f"{phrase}s", f"{phrase}es"}
    return frozenset(found) | _KIN


_KIN = phrases(
    "father, mother, fathers, mothers, dad, mom, son, daughter, sons, daughters, brother, sister, brothers, sisters, "
    "husband, wife, husbands, wives, uncle, aunt, nephew, niece, grandfather, grandmother, widow, widower, bride, "
    "groom, king, queen, girlfriend, boyfriend, parent, parents, minority, minorities, majority, privileged, "
    "unprivileged, protected, immigrants, foreigners, natives, adults, adult, minors, minor, couples, bachelors"
)


_NAME = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]{2,}")


@lru_cache(maxsize=256)
def names_in(utf8: bytes) -> frozenset[bytes]:
    """The words of a file that name an attribute or a flag."""
    return frozenset(word for word in set(_NAME.findall(utf8)) if _is_known(word))


@lru_cache(maxsize=1 << 18)
def _is_known(word: bytes) -> bool:
    name = word.decode("utf-8", "replace")
    return attribute_named(name) is not None or flag_named(name) is not None
