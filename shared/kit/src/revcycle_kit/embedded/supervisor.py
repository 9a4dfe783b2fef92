"""The embedded PostgreSQL and its supervisor: start, watch, restart, stop."""

import asyncio
import logging
import os
import threading
import time
import weakref
from collections.abc import Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from revcycle_kit.embedded import postmaster
from revcycle_kit.embedded.binaries import binaries_for
from revcycle_kit.embedded.cluster import Cluster, address
from revcycle_kit.embedded.databases import (
    RoleNames,
    assert_durable,
    check_name,
    close_to_strangers,
    connection,
    copy_database,
    drop_database,
    provision,
)
from revcycle_kit.embedded.errors import EmbeddedPostgresError
from revcycle_kit.embedded.layout import Layout, Progress, delete, make_directory, plan
from revcycle_kit.embedded.lock import SupervisorLock
from revcycle_kit.embedded.passwords import SUPERUSER, Passwords, load_passwords
from revcycle_kit.embedded.settings import WITHOUT_DURABILITY

log = logging.getLogger(__name__)
_RUNNING: "weakref.WeakSet[EmbeddedPostgres]" = weakref.WeakSet()
RESTART_PAUSE_SECONDS = (0.0, 0.2, 1.0, 5.0)
Result = TypeVar("Result")


def _quietly(_message: str) -> None:
    """Say nothing."""


class EmbeddedPostgres:
    """
    A PostgreSQL 18 server of this process, on a private socket, in one directory.

    `with EmbeddedPostgres(directory, databases=("claims",)) as cluster:` starts it, makes what is missing, and stops
    it at the end; `async with` does the same without blocking the loop. If the server dies it is started again and
    clients reconnect; if this process dies the server shuts down by itself, and the next start recovers.

    `temporary` deletes its data at the end of the block, wherever it lies: as root it may lie outside the directory.
    `without_durability` is for tests alone: commits are not written to disk, and the check that they are is skipped.
    `settings` overrides values of `revcycle_kit.embedded.settings.ORDINARY`.
    """

    def __init__(
        self,
        directory: Path,
        databases: tuple[str, ...] = (),
        *,
        settings: Mapping[str, str] | None = None,
        progress: Progress = _quietly,
        without_durability: bool = False,
        temporary: bool = False,
    ) -> None:
        self._directory = directory
        self._databases = tuple(check_name(database) for database in databases)
        self._settings = {**(WITHOUT_DURABILITY if without_durability else {}), **(settings or {})}
        self._durable = not without_durability
        self._temporary = temporary
        self._progress = progress
        self._locks: list[SupervisorLock] = []
        self._stopping = threading.Event()
        self._changed = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._postmaster: postmaster.Postmaster | None = None
        self._layout: Layout | None = None
        self._passwords: Passwords | None = None

    def start(self) -> Cluster:
        """
        Start the server and give its addresses.

        Raises DirectoryInUseError when another process runs it, NotDurableError when it would lose commits, and
        EmbeddedPostgresError for everything else that stands in the way, with what to do.
        """
        directory = make_directory(self._directory)
        self._take_lock(directory)
        try:
            return self._start(plan(directory, self._progress))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server, all written, and give the directory free. Harmless when it does not run."""
        self._stopping.set()
        with self._changed:
            if self._postmaster:
                self._postmaster.stop()
                self._postmaster = None
        if self._watcher and self._watcher is not threading.current_thread():
            self._watcher.join()
            self._watcher = None
        while self._locks:
            self._locks.pop().release()

    async def start_async(self) -> Cluster:
        """As `start`, without blocking the event loop."""
        return await asyncio.to_thread(self.start)

    async def stop_async(self) -> None:
        """As `stop`, without blocking the event loop."""
        await asyncio.to_thread(self.stop)

    @property
    def postmaster_pid(self) -> int | None:
        """The server's process id; None while it is down. Fault tests kill it."""
        running = self._postmaster
        return running.pid if running else None

    @property
    def cluster(self) -> Cluster:
        """The addresses of the running server."""
        layout, passwords = self._started()
        return Cluster(layout.sockets, passwords)

    @property
    def layout(self) -> Layout:
        """Where data, socket and log of the running server lie."""
        return self._started()[0]

    def ensure_database(self, database: str) -> None:
        """Make one more database with its three roles, if it is missing."""
        _, passwords = self._started()
        roles = RoleNames(check_name(database))
        passwords.ensure(roles.all)
        run(provision(self.connect_as_superuser, database, roles, passwords.of))

    def copy_database(self, template: str, database: str, roles: str) -> None:
        """Make a database from a template, for the roles of the database named by `roles`."""
        run(copy_database(self.connect_as_superuser, check_name(template), check_name(database), RoleNames(roles)))

    def drop_database(self, database: str, *, roles: bool = True) -> None:
        """Drop a database, whoever uses it, and its roles unless another one shares them."""
        run(drop_database(self.connect_as_superuser, database, RoleNames(database) if roles else None))

    def remove(self) -> None:
        """Stop the server and delete its data, wherever it lies. There is no way back."""
        layout = self._layout
        self.stop()
        if layout is None:
            return
        delete(layout)

    def connect_as_superuser(self, database: str) -> AbstractAsyncContextManager[Any]:
        """Give a superuser's connection, for provisioning, backup and tests. The password stays in here."""
        layout, passwords = self._started()
        return connection(address(database, SUPERUSER, passwords, layout.sockets))

    def __enter__(self) -> Cluster:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    async def __aenter__(self) -> Cluster:
        return await self.start_async()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self._end)

    def _end(self) -> None:
        if self._temporary:
            self.remove()
        else:
            self.stop()

    def forget_in_child(self) -> None:
        """In a forked child: let go of the lock and of the guard's pipe, which must end with the parent."""
        while self._locks:
            self._locks.pop().release()
        if self._postmaster:
            self._postmaster.discard()
            self._postmaster = None

    def _take_lock(self, directory: Path) -> None:
        lock = SupervisorLock(directory)
        lock.acquire()
        self._locks.append(lock)
        _RUNNING.add(self)

    def _start(self, layout: Layout) -> Cluster:
        if layout.home != layout.directory:
            self._take_lock(layout.home)
        self._stopping.clear()
        self._layout = layout
        self._passwords = load_passwords(layout)
        self._make_data(layout, self._passwords)
        self._run_server()
        run(self._prepare())
        self._watcher = threading.Thread(target=self._watch, name="postgres-supervisor", daemon=True)
        self._watcher.start()
        return self.cluster

    def _make_data(self, layout: Layout, passwords: Passwords) -> None:
        if not layout.pgdata.exists():
            self._progress("making the database (once)")
            binaries = binaries_for(layout.account)
            postmaster.initialise(layout, binaries, passwords.of(SUPERUSER), durable=self._durable)
        postmaster.check_version(layout)

    def _run_server(self) -> None:
        layout, _ = self._started()
        binaries = binaries_for(layout.account)
        self._postmaster = postmaster.start(layout, binaries, self._settings, self._progress)

    async def _prepare(self) -> None:
        """Check the server and make what its clients need."""
        _, passwords = self._started()
        if self._durable:
            await assert_durable(self.connect_as_superuser)
        await close_to_strangers(self.connect_as_superuser)
        for database in self._databases:
            roles = RoleNames(database)
            passwords.ensure(roles.all)
            await provision(self.connect_as_superuser, database, roles, passwords.of)

    def _watch(self) -> None:
        """Start the server again whenever it ends and nobody asked for it."""
        failures = 0
        while not self._stopping.is_set():
            running = self._postmaster
            if running:
                running.guard.wait()
            if self._stopping.wait(RESTART_PAUSE_SECONDS[min(failures, len(RESTART_PAUSE_SECONDS) - 1)]):
                return
            failures = 0 if self._restarted() else failures + 1

    def _restarted(self) -> bool:
        with self._changed:
            if self._stopping.is_set():
                return True
            began_at = time.monotonic()
            if self._postmaster:
                self._postmaster.discard()
                self._postmaster = None
            try:
                self._run_server()
                if self._durable:
                    run(assert_durable(self.connect_as_superuser))
            except Exception:
                log.exception("the embedded PostgreSQL ended and could not be started again; trying on")
                return False
            log.warning("the embedded PostgreSQL ended and was started again in %.1f s", time.monotonic() - began_at)
            return True

    def _started(self) -> tuple[Layout, Passwords]:
        if self._layout is None or self._passwords is None:
            raise EmbeddedPostgresError("the embedded PostgreSQL has not been started; call start() first")
        return self._layout, self._passwords


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine to its end from any thread, whether or not a loop runs in it."""
    results: list[Result] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=target, name="postgres-provisioning")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _forget_in_child() -> None:
    for server in list(_RUNNING):
        server.forget_in_child()


os.register_at_fork(after_in_child=_forget_in_child)
