"""Honest uses of protected attributes: nothing here is a finding."""

import random
from collections import Counter, defaultdict

import pandas as pd

GENDERS = ("male", "female", "other")
GENDER_CODES = {"male": 0, "female": 1}
PRONOUNS = {"male": "he", "female": "she"}


def demographic_parity(df):
    privileged = df[df["race"] == "White"].approved.mean()
    unprivileged = df[df["race"] == "Black"].approved.mean()
    return unprivileged / privileged


def audit_approval_rates(decisions):
    approved = [d for d in decisions if d.gender == "female" and d.approved]
    return len(approved)


def disparate_impact(people):
    women_hired = sum(1 for p in people if p.gender == "female" and p.hired)
    return women_hired / len(people)


def count_women(people):
    women = 0
    for person in people:
        if person.gender == "female":
            women += 1
    return women


def by_sex(people):
    groups = defaultdict(list)
    for person in people:
        groups[person.gender].append(person)
    return groups


def distribution(people):
    return Counter(p.race for p in people)


def female_students(students):
    return [s for s in students if s.gender == "female"]


def split(people):
    women = [p for p in people if p.gender == "female"]
    men = [p for p in people if p.gender == "male"]
    return women, men


def anonymize(record):
    if record.religion == "muslim":
        record.religion = "redacted"
    return record


def clean_gender(value):
    gender = value.strip().lower()
    if gender not in GENDERS:
        raise ValueError("gender must be one of male, female, other")
    return gender


def validate(form):
    errors = {}
    if form["gender"] not in ("male", "female", "other"):
        errors["gender"] = "invalid"
    return errors


def parse_sex(text):
    sex = text.lower()
    if sex == "m":
        return "male"
    if sex == "f":
        return "female"
    return "unknown"


def encode(df):
    df["gender_code"] = df["gender"].map(GENDER_CODES)
    df["is_female"] = (df["gender"] == "female").astype(int)
    return df


def features(person):
    return [1 if person.gender == "male" else 0, person.age]


def pronoun(person):
    return PRONOUNS[person.gender]


def salutation(user):
    if user.gender == "male":
        title = "Mr."
    elif user.gender == "female":
        title = "Ms."
    else:
        title = ""
    return f"Dear {title} {user.last_name}"


def avatar(user):
    return "/img/woman.png" if user.gender == "female" else "/img/man.png"


def bmr(person):
    if person.sex == "male":
        return 88.36 + 13.4 * person.weight + 4.8 * person.height - 5.7 * person.age
    return 447.6 + 9.2 * person.weight + 3.1 * person.height - 4.3 * person.age


def creatinine_clearance(patient):
    clearance = (140 - patient.age) * patient.weight / (72 * patient.creatinine)
    if patient.sex == "F":
        clearance *= 0.85
    return clearance


def needs_mammogram(patient):
    return patient.sex == "female" and patient.age >= 50


def framingham_risk(patient):
    risk = 0
    if patient.sex == "female":
        risk += 3
    return risk


def dose(patient):
    if patient.is_pregnant:
        return 0
    return 5


def may_drink(person):
    return person.age >= 21


def can_vote(citizen):
    return citizen.age >= 18


def accommodations(employee):
    needed = []
    if employee.disability == "deaf":
        needed.append("sign language interpreter")
    if employee.uses_wheelchair:
        needed.append("ramp")
    return needed


def filing_tax(person):
    if person.marital_status == "married":
        return 29200
    return 14600


def same(one, other):
    return one.name == other.name and one.gender == other.gender and one.race == other.race


def migrate(rows):
    for row in rows:
        if row["sex"] == "M":
            row["gender"] = "male"
        else:
            row["gender"] = "female"


def fake_person():
    gender = random.choice(["male", "female"])
    first_name = random.choice(["Ada", "Eva"]) if gender == "female" else random.choice(["Tom", "Max"])
    return {"name": first_name, "gender": gender}


def voice_for(voices):
    for voice in voices:
        if voice.gender == "female":
            return voice
    return None


def sprite(character):
    if character.race == "elf":
        return "elf.png"
    return "human.png"


def disabled_widget(field):
    value = field.initial if field.disabled else field.data
    return value


def race_lap(race):
    if race == "final":
        return 3
    return 1


def stale(cache_age, max_age):
    if cache_age > max_age:
        return False
    return True


def page_age(age):
    if age > 300:
        return "expired"
    return "fresh"


def third_party(party):
    if party == "client":
        return 1
    return 2


def menswear(events):
    return [event for event in events if event.gender == "men"]


def election_share(votes):
    total = sum(v.count for v in votes)
    democrats = sum(v.count for v in votes if v.party == "democrat")
    return democrats / total


def holidays(person):
    if person.religion == "jewish":
        return ["Yom Kippur"]
    return ["Christmas"]


def parents(people):
    fathers = []
    for person in people:
        if person.gender == "male":
            fathers.append(person)
    return fathers


def plot(df):
    for race in ("white", "black"):
        subset = df[df.race == race]
        subset.income.plot(label=race)


def lang(node):
    if node.gender == "masculine":
        return "le"
    return "la"


def locker_room(member):
    if member.gender == "female":
        return "room A"
    return "room B"


def orientation(page):
    if page.orientation == "landscape":
        return page.width
    return page.height


def summary(df):
    return df.groupby("race").income.mean()


def job_state(job):
    if job == "student":
        return 1
    return 0


def mates(person, found):
    mate = "mother" if person.gender == "male" else "father"
    found[mate] = person
    return found


def likeness(one, other):
    chance = 0
    if one.gender == "female" and one.name == other.name:
        chance += 1
    return chance


def pooled_risk(p):
    return cohort_risk(age=p.age, total_cholesterol=p.cholesterol, sbp=p.sbp, black=(p.ethnicity == "black"))


def infectious(agents):
    eligible = agents.pregnant & agents.disease.infected
    return eligible


def select_gender(gender):
    gender = 0 if gender == "f" else 1
    return gender


def show(users):
    print(users[users.sex == "M"].head(3))


def newborns(people):
    screened = people.age >= 0
    return screened


def selected_of_group(df):
    white_selected = df[(df.race == "White") & df.selected].shape[0]
    return white_selected


def visible(user, nodes):
    visible_nodes = [node for node in nodes if node.has_children() or user.is_staff]
    return visible_nodes


def sofa(patient):
    score = 0
    if patient.gender == "female" and patient.creatinine > 1.2:
        score += 1
    return score


def qualifies(runner):
    limit = 180 if runner.gender == "male" else 210
    return runner.minutes < limit


def screen_reader(user):
    if user.disability == "blind":
        enable_screen_reader(user)


def greet(user):
    if user.gender == "female":
        return "Bienvenida"
    return "Bienvenido"


def may_donate_blood(donor):
    if donor.sex == "female" and donor.hemoglobin < 12.5:
        return False
    return True


def current_user(user):
    if user.disabled:
        raise HTTPException(400, "Inactive user")
    return user


def may_log_in(users, name):
    allowed = [u for u in users if not u.is_disabled and u.name == name]
    return allowed


def tracked(user, tracking_disabled):
    user.score = 0 if tracking_disabled else 1
    return user


def keys_allowed(member):
    return not member.key_creation_disabled
