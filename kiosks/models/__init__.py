"""The tables of this room: private to it."""

from kiosks.models.commands import Command, CommandKind
from kiosks.models.counting import DayCount, DropOut, KioskDay
from kiosks.models.devices import Kiosk, Printer
from kiosks.models.helping import HelpCall, StaffCode
from kiosks.models.keeping import ReservedNumber, SetAside, Uncarried
from kiosks.models.pulses import Outage, Pulse
from kiosks.models.releases import Release, ReleaseFile
from kiosks.models.server_keys import KeyPurpose, ServerKey

__all__ = [
    "Command",
    "CommandKind",
    "DayCount",
    "DropOut",
    "HelpCall",
    "KeyPurpose",
    "Kiosk",
    "KioskDay",
    "Outage",
    "Printer",
    "Pulse",
    "Release",
    "ReleaseFile",
    "ReservedNumber",
    "ServerKey",
    "SetAside",
    "StaffCode",
    "Uncarried",
]
