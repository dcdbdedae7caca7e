"""Everything that can go wrong, in words: each class renders its own message and carries its facts as attributes.

`status` is a hint for the WSGI shell: the HTTP status that says whose fault it is. What is raised and not listed here is a bug: a 500.
"""

from __future__ import annotations

from mockbrew.errors.contracts import BadTarget, NobodyThere
from mockbrew.errors.plane import (
    BadCondition,
    BadRequest,
    BadSnapshot,
    ControlPlaneClosed,
    FaultExists,
    HistoryGone,
    NoSuchFault,
    NoSuchSnapshot,
    NotNew,
    NotReached,
    NotVerified,
    SpecTooLarge,
    TimeGoesBack,
    TokenNeeded,
    TooLarge,
    TooLong,
    TooManyFaults,
    UnsupportedBody,
)
from mockbrew.errors.root import MockbrewError, did_you_mean, known
from mockbrew.errors.server import ConfigurationError, DamagedCell, StillEvolving, StillSeeking, StoreError, StoreFileError
from mockbrew.errors.spec import Fault, PluginError, PluginErrors, SpecError
from mockbrew.errors.wire import (
    BadArgument,
    BadRig,
    CrossSite,
    Interlocked,
    MethodNotAllowed,
    Near,
    NoSuchEndpoint,
    NoSuchRig,
    TooManyRigs,
    Unmatched,
    Unreadable,
)

__all__ = [
    "BadArgument",
    "BadCondition",
    "BadRequest",
    "BadRig",
    "BadSnapshot",
    "BadTarget",
    "ConfigurationError",
    "ControlPlaneClosed",
    "CrossSite",
    "DamagedCell",
    "Fault",
    "FaultExists",
    "HistoryGone",
    "Interlocked",
    "MethodNotAllowed",
    "MockbrewError",
    "Near",
    "NoSuchEndpoint",
    "NoSuchFault",
    "NoSuchRig",
    "NoSuchSnapshot",
    "NobodyThere",
    "NotNew",
    "NotReached",
    "NotVerified",
    "PluginError",
    "PluginErrors",
    "SpecError",
    "SpecTooLarge",
    "StillEvolving",
    "StillSeeking",
    "StoreError",
    "StoreFileError",
    "TimeGoesBack",
    "TokenNeeded",
    "TooLarge",
    "TooLong",
    "TooManyFaults",
    "TooManyRigs",
    "Unmatched",
    "Unreadable",
    "UnsupportedBody",
    "did_you_mean",
    "known",
]
