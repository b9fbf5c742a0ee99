"""SFTP with pinned host keys: a host that cannot prove one of them gets nothing."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh

from zhengxin.handover.carrying.reaching import (
    LARGEST,
    PART,
    READ,
    Unreachable,
    other_there,
    reason,
    wanted_name,
)
from zhengxin.handover.ground import local
from zhengxin.handover.types import Outcome, Place, Told

_FAULTS = (OSError, asyncssh.Error, asyncio.TimeoutError, ValueError)


def deliver(place: Place, files: Sequence[Path], *, number: str, digest: str) -> Outcome:
    """Upload under temporary names, then rename; the manifest last."""
    try:
        return asyncio.run(_deliver(place, files, digest))
    except _FAULTS as error:
        return Outcome(Told.UNREACHABLE, reason(error))


async def _deliver(place: Place, files: Sequence[Path], digest: str) -> Outcome:
    async with asyncio.timeout(max(place.seconds, 1) * 10), _session(place) as sftp:
        await sftp.makedirs(place.folder, exist_ok=True)
        manifest = f"{place.folder}/{files[-1].name}"
        if await sftp.exists(manifest):
            async with sftp.open(manifest, "rb") as stream:
                there = hashlib.sha256(_bytes(await stream.read())).hexdigest()
            if there == digest:
                return Outcome(Told.ALREADY)
            return Outcome(Told.REFUSED, other_there())
        for path in files:
            target = f"{place.folder}/{path.name}"
            await sftp.put(str(path), target + PART)
            if await sftp.exists(target):
                await sftp.remove(target)
            await sftp.rename(target + PART, target)
    return Outcome(Told.DELIVERED)


def fetch(place: Place, seen: Collection[str]) -> list[tuple[str, bytes]]:
    """Files that wait in the peer's folder. Raises Unreachable."""
    try:
        return asyncio.run(_fetch(place, seen))
    except _FAULTS as error:
        raise Unreachable(place.host, reason(error)) from error


async def _fetch(place: Place, seen: Collection[str]) -> list[tuple[str, bytes]]:
    found = []
    async with asyncio.timeout(max(place.seconds, 1) * 10), _session(place) as sftp:
        if not await sftp.isdir(place.folder):
            return []
        for name in sorted(await sftp.listdir(place.folder)):
            path = f"{place.folder}/{name}"
            if not wanted_name(name) or name in seen or not await sftp.isfile(path):
                continue
            if ((await sftp.stat(path)).size or 0) <= LARGEST:
                async with sftp.open(path, "rb") as stream:
                    found.append((name, _bytes(await stream.read())))
    return found


def settle(place: Place, name: str) -> None:
    """Move a file that was read into the folder `read`, where the account may."""
    try:
        asyncio.run(_settle(place, name))
    except _FAULTS:
        # An account that may only read: the same bytes are recognised next time.
        return


async def _settle(place: Place, name: str) -> None:
    async with asyncio.timeout(place.seconds), _session(place) as sftp:
        await sftp.makedirs(f"{place.folder}/{READ}", exist_ok=True)
        target = f"{place.folder}/{READ}/{name}"
        if await sftp.exists(target):
            await sftp.remove(target)
        await sftp.rename(f"{place.folder}/{name}", target)


def _bytes(content: bytes | str) -> bytes:
    """What a file opened for bytes gives; the library types it as either."""
    return content if isinstance(content, bytes) else content.encode()


@asynccontextmanager
async def _session(place: Place) -> AsyncIterator[asyncssh.SFTPClient]:
    options: dict[str, Any] = {
        "client_keys": [str(local(place.key_file))] if place.key_file else [],
        "password": os.environ.get(place.password_env) if place.password_env else None,
        # Only what the description says: no agent, no settings of the account the program runs under.
        "agent_path": None,
        "config": None,
        "known_hosts": ([asyncssh.import_public_key(line) for line in place.host_keys], [], []),
        "connect_timeout": place.seconds,
        "login_timeout": place.seconds,
    }
    async with (
        asyncssh.connect(place.host, place.port, username=place.user, **options) as connection,
        connection.start_sftp_client() as sftp,
    ):
        yield sftp
