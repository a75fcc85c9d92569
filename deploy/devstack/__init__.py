"""Valkey, PostgreSQL and S3 on this machine, from wheels: no Docker, no packages of the system."""

from deploy.devstack.errors import DevStackError, ServerFailed
from deploy.devstack.server import Server
from deploy.devstack.stack import DevStack

__all__ = ["DevStack", "DevStackError", "Server", "ServerFailed"]
