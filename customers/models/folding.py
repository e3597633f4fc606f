"""How the database folds names and postcodes, so that a list of a million is found by its index.

Migrations 0006 and 0008 make the functions. A name that is looked for is folded by the same ones.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func


class Words(Func):
    """The words of a name, small, without accents and apostrophes."""

    function = "customers_words"
    output_field = ArrayField(models.TextField())


class Sounds(Func):
    """How the words of a name sound in English (double metaphone): Smith is Smyth."""

    function = "customers_sounds"
    output_field = ArrayField(models.TextField())


class Compact(Func):
    """A postcode in capitals, without spaces."""

    function = "customers_compact"
    output_field = models.TextField()
