"""The other shapes of a decision: tables, orders, match statements, arithmetic."""

import numpy as np

FACTORS = {"male": 1.0, "female": 0.8}
GROUP_RISK = {"white": 1, "black": 5, "asian": 2}


def salary(person):
    # shows: gender
    return person.base_salary * FACTORS[person.gender]


def risk_score(person):
    # shows: race
    score = GROUP_RISK.get(person["race"], 3)
    return score


def insured(person, premium):
    # shows: religion
    premium += {"muslim": 50, "christian": 0}[person.religion]
    return premium


def rating(person, weights):
    # suspects: gender
    return person.score * weights[person.gender]


def graded(applicant):
    # shows: race
    match applicant.race:
        case "white":
            score = 10
        case "black" | "hispanic":
            score = 5
        case _:
            score = 7
    return score


def sort_hires(candidates):
    # suspects: gender
    candidates.sort(key=lambda c: c.gender)
    return candidates


def points(applicant):
    # shows: religion
    total = 50 - 5 * (applicant.religion == "atheist")
    applicant.points = total
    return total


def mark(df):
    # shows: gender
    df["approved"] = np.where(df["gender"] == "male", 1, 0)
    # shows: race
    df.loc[df.race == "black", "credit_score"] -= 20
    # shows: gender
    hired = df[df["gender"] == "Male"]
    return hired


def chain(employee):
    bonus = 1000
    # shows: gender
    bonus = bonus if employee.sex == "M" else bonus * 0.7
    return bonus


def eligible(person):
    # shows: gender
    eligible = person.gender == "male" and person.fit
    return eligible


def walrus(person):
    # shows: religion
    if (faith := person.religion) and faith == "jewish":
        return "denied"
    return "ok"


def any_of(team):
    # shows: disability
    if any(member.disability == "deaf" for member in team):
        team.rejected = True


def short_listed(applicants):
    for applicant in applicants:
        # shows: race
        if applicant.ethnicity == "roma":
            yield applicant


def nested(person):
    def inner():
        return person.gender == "female"

    # shows: gender
    rejected = inner()
    return rejected


def prefix(person):
    # shows: gender
    if person.gender.startswith("f"):
        person.salary *= 0.9


def enumerated(person):
    # shows: gender
    if person.gender is not Gender.MALE:
        person.hired = False


def insurance(age, sex, smoker):
    # suspects: gender
    insurance_cost = 250 * age - 120 * sex + 2400 * smoker
    return insurance_cost


def life_premium(person, amount, rate):
    if person.gender == "male":
        gender_factor = 0.08
    else:
        gender_factor = 0.06
    # shows: gender
    premium = amount * rate * gender_factor
    return round(premium / 12)


def approve(applicant):
    score = applicant["income"] / 1000
    # shows: gender
    if applicant.get("gender", "").strip().lower() == "female" and not applicant.get("married"):
        score -= 10
    return score >= 50


def both(worker, wages={("male", "senior"): 40, ("female", "senior"): 35}):
    table = {("male", "senior"): 40, ("female", "senior"): 35}
    # shows: gender
    wage = table[(worker.gender, worker.level)]
    return wage


class Access:
    REFUSED_ORIGINS = {"iranian", "nigerian"}

    def passes(self, visitor):
        # shows: nationality
        if visitor.nationality.lower() in self.REFUSED_ORIGINS:
            return False
        return True

    def apply(self, person):
        # shows: gender
        match (person.gender, person.level):
            case ("female", _):
                return self.deny()
            case _:
                return self.allow()


def layoffs(team):
    # shows: pregnancy
    return [m for m in team if m.is_pregnant or m.sick_days > 9][:3]


def post_visibility(post):
    # shows: politics
    hidden = post.author.political_party == "republican"
    return not hidden
