"""Attributes in queries: SQL text, object mappers, document stores, data frames."""


def approve(cursor):
    # shows: race
    cursor.execute("UPDATE loans SET approved = 0 WHERE race = 'black'")


def purge(cursor):
    # shows: religion
    cursor.execute("DELETE FROM users WHERE religion IN ('muslim', 'jewish')")


def shortlist(cursor):
    # shows: gender
    cursor.execute("SELECT name FROM applicants WHERE gender = 'male' AND years > 3")
    return cursor.fetchall()


def scores(cursor):
    # shows: gender
    return cursor.execute(
        "SELECT name, CASE WHEN gender = 'female' THEN score * 0.9 ELSE score END AS final_score FROM candidates"
    )


def directory(cursor):
    # suspects: gender
    return cursor.execute("SELECT name, street FROM users WHERE gender = 'female'")


def statistics(cursor):
    cursor.execute("SELECT COUNT(*) FROM users WHERE gender = 'female'")
    cursor.execute("SELECT race, AVG(income) FROM people GROUP BY race")
    cursor.execute("SELECT name FROM users WHERE gender = %s", ("x",))
    cursor.execute("INSERT INTO users (name, gender) VALUES ('a', 'female')")
    cursor.execute("CREATE TABLE users (id INT, gender TEXT CHECK (gender IN ('male', 'female')))")


def eligible(Applicant):
    # shows: gender
    return Applicant.objects.filter(gender="male", active=True)


def hired(session, Candidate):
    # shows: race
    return session.query(Candidate).filter(Candidate.race != "black").all()


def removed(Member):
    # shows: religion
    Member.objects.filter(religion="muslim").delete()


def counted(Member):
    return Member.objects.filter(gender="female").count()


def approved(db):
    # shows: marital-status
    return list(db.applicants.find({"marital_status": "married"}))


def women(Member):
    return Member.objects.filter(gender="female")


def asked(Member, gender):
    return Member.objects.filter(gender=gender)


def created(Person):
    return Person.objects.create(name="Ada", gender="female")


def selected(df):
    # shows: gender
    selected = df.query("gender == 'male' and score > 50")
    return selected


def prose():
    return "Our policy: nobody is refused because race = 'black' or gender = 'female'."
