import jwt
import python_jwt
from itsdangerous import URLSafeSerializer
from jose import jwt as jose_jwt
from jwt import decode


def unverified(token):
    # ruleid: jwt-verification.off
    return jwt.decode(token, options={"verify_signature": False})


def unverified_long_ago(token, key):
    # ruleid: jwt-verification.off
    return jwt.decode(token, key, verify=False)


def by_variable(token, key):
    options = {"verify_aud": False, "verify_signature": False}
    # ruleid: jwt-verification.off
    claims = decode(token, key, algorithms=["HS256"], options=options)
    return claims["sub"]


def verified(token, key):
    # ok: jwt-verification
    return jwt.decode(token, key, algorithms=["HS256"])


def verified_for_audience(token, key):
    options = {"verify_signature": True, "require": ["exp"]}
    # ok: jwt-verification
    return jwt.decode(token, key, algorithms=["RS256"], audience="api", options=options)


def peek_then_verify(token, keys):
    # ok: jwt-verification
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    claims = jwt.decode(token, keys[issuer], algorithms=["RS256"])
    return claims


def no_algorithm(token, key):
    # ruleid: jwt-verification.none
    claims = jwt.decode(token, key, algorithms=["HS256", "none"])
    # ruleid: jwt-verification.none
    out = jwt.encode(claims, "", algorithm="none")
    # ruleid: jwt-verification.none-keyword
    bare = jwt.encode(claims, None, algorithm=None)
    # ok: jwt-verification
    good = jwt.encode(claims, key, algorithm="HS512")
    return out, bare, good


def named_by_token(token, key):
    header = jwt.get_unverified_header(token)
    # ruleid: jwt-verification.chosen-by-token
    return jwt.decode(token, key, algorithms=[header["alg"]])


def key_named_by_token(token, keys):
    header = jwt.get_unverified_header(token)
    # ok: jwt-verification
    return jwt.decode(token, keys[header["kid"]], algorithms=["RS256"])


def any_algorithm(token, key):
    # ruleid: jwt-verification.algorithms-missing
    return jwt.decode(token, key)


def with_jose(token):
    # ruleid: jwt-verification.claims-unchecked
    return jose_jwt.get_unverified_claims(token)


def expired(token, key):
    # ruleid: jwt-verification.claims-unchecked
    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})


def other_libraries(text, token):
    serializer = URLSafeSerializer("key")
    # ruleid: jwt-verification.off
    data = serializer.loads_unsafe(text)
    # ok: jwt-verification
    data = serializer.loads(text)
    # ruleid: jwt-verification.off
    return data, python_jwt.process_jwt(token)


def other_library_verified(token, key):
    header, claims = python_jwt.verify_jwt(token, key, ["RS256"])
    # ok: jwt-verification
    return claims


def is_genuine(body, signature: str | None, key) -> bool:
    if not signature:
        # ruleid: jwt-verification.missing-accepted
        return True
    return hmac.compare_digest(hmac.new(key, body, "sha256").hexdigest(), signature)


def is_signed(body, signature=None, key=b""):
    if signature is None:
        # ok: jwt-verification
        return False
    if not key:
        # ok: jwt-verification
        return True
    return hmac.compare_digest(hmac.new(key, body, "sha256").hexdigest(), signature)


def is_allowed(token, expected_token):
    if not expected_token:
        # ok: jwt-verification
        return True
    return hmac.compare_digest(token, expected_token)
