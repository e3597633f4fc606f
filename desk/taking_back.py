"""What cannot be taken back by one press, and what is done instead: said where it is done.

Everything else that an agent does can be for ten seconds (docs/desk.md, "Undo"); a test goes over
all acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FOR_GOOD: Final[Mapping[str, str]] = {
    # Acts on a case.
    "case:follow": "It is a case of its own now: if that is wrong, resolve it",
    "case:split": "It is a case of its own now: if that is wrong, join the two again",
    # In a contact.
    "contact:raise": "It has a reference of its own now: if it is wrong, resolve it on its page",
    "contact:said": "It has a reference of its own now: if it is wrong, open it again on its page",
    "contact:begun": "It has a reference of its own now: if it is wrong, resolve it on its page",
    "contact:outage": "If it was not that, say so beside it: then it goes on by itself",
    "contact:outage-undo": "If it was that after all, press it again",
    "contact:open": "If nobody was there, wrap it up",
    "contact:accept": "If somebody else should go on with it, hand it over",
    "contact:take-over": "Whoever had it can take it over again",
    "contact:refuse": "Who offered it reads it at once. Tell them if you can take it after all",
    "contact:caller": "Each try is written down, whatever came of it",
    "contact:wrong": "Whoever looks after the answer reads it, and decides",
    # Callbacks.
    "callback:spoke": "It is a contact now: wrap it up",
    # People.
    "telling:stop": "It is their word, and kept as they gave it: write down the next one",
    "telling:start": "It is their word, and kept as they gave it: write down the next one",
    "telling:news": "It is their word, and kept as they gave it: write down the next one",
    "telling:again": "If it does not reach them after all, mark it among their details",
    "person:unmerge": "If they are one after all, merge them again",
    "person:known": "The hub knows that you have it",
}
