"""What keeps the dev stack from running; each message is a sentence that says what to do.

DevStackError
├── FolderInUse          another stack, or what is left of one, holds the data folder
├── FolderUnreachable    a folder cannot be made, entered or written to
├── NoAccount            root, and no ordinary account to run PostgreSQL under
├── NotEmbedded          the server asked for is one that the environment names
├── OtherMajorVersion    the data were written by another PostgreSQL
├── PortTaken            a port that was asked for is in use
├── ServerFailed         a server did not come up, or has died
└── WheelMissing         no binary for this platform
"""


class DevStackError(Exception):
    """The dev stack cannot do what was asked of it."""


class FolderInUse(DevStackError):
    """Another dev stack, or servers that one left behind, hold the data folder."""


class FolderUnreachable(DevStackError):
    """A folder cannot be made, entered or written to."""


class NoAccount(DevStackError):
    """PostgreSQL refuses to run as root, and there is no ordinary account to run it under."""


class NotEmbedded(DevStackError):
    """The server is not the stack's own: the environment names one."""


class OtherMajorVersion(DevStackError):
    """The data folder was written by another major version of PostgreSQL."""


class PortTaken(DevStackError):
    """A port that was asked for is in use."""


class ServerFailed(DevStackError):
    """A server did not come up, or has ended though nobody stopped it."""


class WheelMissing(DevStackError):
    """A server's binary is not installed, or there is none for this platform."""
