"""Conditions on protected attributes that decide something about somebody."""

from dataclasses import dataclass
from enum import Enum

PREFERRED = {"white", "asian"}
SEX_KEY = "sex"


class Gender(Enum):
    MALE = "male"
    FEMALE = "female"


@dataclass
class Applicant:
    name: str
    gender: Gender
    race: str
    religion: str
    age: int
    income: float


def approve_loan(applicant):
    # shows: race
    if applicant["race"] == "black":
        return False
    return applicant["income"] > 30000


def approve_loan_mended(applicant):
    return applicant["income"] > 30000


def interest_rate(borrower):
    rate = 0.04
    # shows: gender
    if borrower.gender == Gender.FEMALE:
        rate += 0.01
    return rate


def credit_limit(customer):
    limit = customer.income * 2
    # shows: marital-status
    if customer.marital_status == "divorced":
        limit = limit / 2
    return limit


def shortlist(candidates):
    chosen = []
    for candidate in candidates:
        # shows: gender
        if candidate.get("gender") != "male":
            continue
        chosen.append(candidate)
    return chosen


def invite(candidates):
    # shows: race
    return [c for c in candidates if c.race in PREFERRED]


def invite_mended(candidates):
    return [c for c in candidates if c.years_of_experience >= 3]


def screen(employee):
    # shows: religion
    risk = "high" if employee.religion.lower() == "muslim" else "low"
    return risk


def salary_offer(person, base):
    # shows: gender
    return base * (0.8 if person["gender"] == "F" else 1.0)


def compute_score(student):
    score = student.grades
    # shows: disability
    if student.is_disabled:
        score -= 10
    return score


def is_trustworthy(citizen):
    # shows: nationality
    return citizen.nationality not in ("nigerian", "romanian")


def can_rent(tenant):
    # shows: sexual-orientation
    if tenant.sexual_orientation in ["gay", "lesbian"]:
        return False
    return True


def may_enter(guest):
    # shows: religion
    if getattr(guest, "religion") == "hindu":
        raise PermissionError(guest)


def promote(worker):
    # shows: pregnancy
    if worker.is_pregnant or worker.sick_days > 10:
        worker.promotion_eligible = False


def lazy_people(people):
    lazy = []
    for person in people:
        # shows: race
        if person["ethnicity"] == "hispanic":
            lazy.append(person)
    return lazy


def find_clever(people):
    # shows: gender
    return [p for p in people if p["sex"] == "male"]


def find_reliable(people, religion):
    found = []
    for person in people:
        # shows: religion
        if person[religion] == "catholic":
            found.append(person)
    return found


def hire(applicant):
    g = applicant[SEX_KEY]
    # shows: gender
    if g == "female":
        return "rejected"
    return "hired"


def grade_application(application):
    name, origin = application.name, application.nationality
    # shows: nationality
    if origin == "Mexican":
        application.grade = "C"


def is_preferred_group(person):
    # shows: race
    return person.race == "white"


def in_group(person):
    return person.race == "white"


def premium(policyholder):
    amount = 100
    # shows: race
    if in_group(policyholder):
        amount = amount * 0.9
        policyholder.premium = amount
    return amount


def weigh_group(g):
    return 1.2 if g == "male" else 1.0


def rank_score(person):
    # shows: gender
    return person.points * weigh_group(person.gender)


def terminate(employees):
    for employee in employees:
        # shows: age-group
        if employee.age_group == "old":
            layoff(employee)


def bail(defendant):
    # shows: race
    bail_amount = 5000 * (2 if defendant.skin_color == "black" else 1)
    return bail_amount


def admit(student):
    # shows: income-class
    if student.caste == "dalit":
        return {"admitted": False}
    return {"admitted": True}


def flag_threats(passengers):
    for passenger in passengers:
        # shows: religion
        if "islam" in passenger["religion"].lower() or passenger["one_way"]:
            passenger["suspicious"] = True


def visible_jobs(user, jobs):
    # shows: gender
    if user.is_female:
        recommended = [job for job in jobs if job.category == "assistant"]
    else:
        recommended = jobs
    return recommended


def access_rules(citizen):
    # shows: politics
    if citizen.political_party == "communist":
        citizen.access_allowed = False


class LoanDecision:
    def decide(self):
        # shows: race
        if self.applicant.race == "Black":
            self.approved = False


def scored(people):
    for p in people:
        # shows: gender-identity
        if p.gender_identity == "transgender":
            p.reputation = 0


def screening(candidate):
    # shows: marital-status
    if candidate.has_children:
        return "reject"
    # shows: gender
    elif candidate.sex == "woman":
        return "reject"
    return "interview"


def choose(people):
    # shows: gender
    chosen = list(filter(lambda p: p.gender == "male", people))
    return chosen


def best_people(people):
    # shows: race
    return sorted(people, key=lambda p: (p.race != "white", -p.score))


def dangerous_workers(workers):
    # shows: occupation
    return [w for w in workers if w.occupation == "janitor"]


def price(customer, base):
    # suspects: age-group
    if customer.age > 60:
        base *= 1.5
        price = base
    return base


def older_rejected(candidate):
    # suspects: age-group
    if candidate["age"] > 45:
        return "rejected"
    return "next round"


def deliver(customer):
    # suspects: zip-code
    if customer.zip_code in ("60621", "48205"):
        return {"eligible": False}
    return {"eligible": True}


def loan_by_name(applicant):
    # suspects: name
    if applicant.surname in ["Garcia", "Nguyen", "Washington"]:
        applicant.risk = "high"


def sound(candidate):
    # suspects: speech
    if candidate.has_accent:
        candidate.interview_score -= 5


def offers(users):
    for user in users:
        # suspects: occupation
        if user.occupation == "student":
            user.offer = "campus"


def preferred_sex(candidates, wanted="male"):
    # suspects: gender
    return [c for c in candidates if c.gender == wanted]


def by_request(candidates, wanted):
    return [c for c in candidates if c.gender == wanted]
