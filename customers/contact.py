"""Reads telephone numbers and e-mail addresses as people write them. Pure."""

from __future__ import annotations

import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.privacy import Kind

_valid_email = EmailValidator()


class NotAPhoneNumber(DomainError):
    code = "phone_not_valid"


class NotAnEmailAddress(DomainError):
    code = "email_not_valid"


def read_phone(text: str) -> str:
    """A number in E.164. UK numbers need no prefix. Raises NotAPhoneNumber."""
    try:
        number = phonenumbers.parse(text.strip(), "GB")
    except phonenumbers.NumberParseException as error:
        raise NotAPhoneNumber(_("Enter a phone number, like 07700 900123")) from error
    # "Possible", not "valid": Ofcom's drama ranges and new ranges are not in every table.
    if not phonenumbers.is_possible_number(number):
        raise NotAPhoneNumber(_("Enter a phone number, like 07700 900123"))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_mobile(e164: str) -> bool:
    """Whether a text can be sent to a number: UK mobiles, and any number abroad."""
    return e164.startswith("+447") or not e164.startswith("+44")


def read_email(text: str) -> str:
    """An address in lower case. Raises NotAnEmailAddress.

    Letters that only look like, or only fold to, those of another address (ﬁ, ı, ſ, the sign of
    Kelvin) make no address: nobody is taken for somebody else.
    """
    typed = text.strip()
    address = typed.lower()
    name, _at, domain = typed.rpartition("@")
    if not name.isascii() or unicodedata.normalize("NFKC", domain) != domain:
        raise NotAnEmailAddress(_("Enter an email address, like name@example.com"))
    try:
        _valid_email(address)
    except ValidationError as error:
        raise NotAnEmailAddress(_("Enter an email address, like name@example.com")) from error
    return address


def read_address(text: str) -> tuple[Kind, str]:
    """An e-mail address, or a number that takes texts, and which of both. Raises NotAnEmailAddress
    and NotAPhoneNumber."""
    if "@" in text:
        return "email", read_email(text)
    try:
        number = read_phone(text)
    except NotAPhoneNumber as error:
        raise NotAPhoneNumber(
            _("Enter an email address, like name@example.com, or a number, like 07700 900123")
        ) from error
    if not is_mobile(number):
        raise NotAPhoneNumber(
            _("Enter a mobile number or an email address. We cannot send a text to this number")
        )
    return "phone", number


def shown(e164: str) -> str:
    """A number as people in this country write it."""
    try:
        number = phonenumbers.parse(e164, "GB")
    except phonenumbers.NumberParseException:
        return e164
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 44
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)
