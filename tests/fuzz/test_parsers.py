"""T-S23 for every run of the suite; `make fuzz MINUTES=10` reads for longer."""

import pytest

from tests.fuzz.parsers import PARSERS, hold

EXAMPLES = 60


@pytest.mark.parametrize("name", PARSERS)
def test_whatever_it_is_given_it_reads_or_refuses_within_a_second(name):
    assert hold(PARSERS[name], examples=EXAMPLES).examples >= EXAMPLES
