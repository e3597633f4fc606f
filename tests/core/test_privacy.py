from core import privacy


def test_the_same_address_has_the_same_hash_whatever_its_writing(settings):
    settings.PRIVACY_HASH_KEY = "a key"
    mail = privacy.address_hash("email", "Ann@Example.org ")
    assert mail == privacy.address_hash("email", "ann@example.org")
    assert privacy.address_hash("phone", "+44 7700 900123") == privacy.address_hash(
        "phone", "+447700900123"
    )
    assert len(mail) == 64


def test_the_hash_depends_on_the_key_and_on_the_kind(settings):
    settings.PRIVACY_HASH_KEY = "a key"
    first = privacy.address_hash("phone", "+447700900123")
    assert privacy.address_hash("email", "+447700900123") != first
    settings.PRIVACY_HASH_KEY = "another key"
    assert privacy.address_hash("phone", "+447700900123") != first


def test_without_a_key_of_its_own_the_hash_still_has_a_key(settings):
    settings.PRIVACY_HASH_KEY, settings.SECRET_KEY = "", "one"
    first = privacy.address_hash("phone", "+447700900123")
    settings.SECRET_KEY = "two"
    assert privacy.address_hash("phone", "+447700900123") != first


def test_a_mask_shows_only_what_the_owner_needs():
    assert privacy.mask("+447700900123") == "•••••••••0123"
    assert privacy.mask("ann@example.org") == "a•••@example.org"
    assert privacy.mask("123") == "•••"


def test_log_lines_lose_their_personal_data():
    line = privacy.redact(
        None,
        "info",
        {
            "event": "could not reach ann@example.org on 07700 900123",
            "email": "ann@example.org",
            "reference": "WH7-K3MP-4X",
            "provider": {"to": "+447700900123", "code": 21211},
            "tried": ["ring +44 7700 900123"],
            "count": 3,
        },
    )
    assert line == {
        "event": "could not reach [email] on [phone]",
        "email": "[redacted]",
        "reference": "WH7-K3MP-4X",
        "provider": {"to": "[redacted]", "code": 21211},
        "tried": ["ring [phone]"],
        "count": 3,
    }


def test_times_and_digests_are_left_alone():
    text = "2026-11-21T21:23:00.123456+00:00 sealed 0123456789abcdef0123456789abcdef"
    assert privacy.redact_text(text) == text
