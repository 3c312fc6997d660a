"""How the hooks of a village's plugins are called, so that one plugin's fault stays its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import pluggy
from flask_babel.speaklater import LazyString

from core.cases.errors import CaseError
from core.cases.service import Service
from core.hookspecs import HOOKS, HookKind
from core.plugins.health import PluginHealth
from core.plugins.prepared import PreparedHooks, call
from core.plugins.watch import event_seconds


@dataclass(frozen=True)
class Failed:
    """Stands where a plugin's answer should be; the page shows a small notice in its place.

    It is false, so that a page which goes through ``answer or ()`` survives it.
    """

    plugin: str
    hook: str
    suspended: bool = False

    def __bool__(self) -> bool:
        return False


class WorkLost(Exception):
    """Raised by a guard: the page cannot go on, whatever else the plugin did."""


class DecisionFailed(Exception):
    """A plugin could not say whether something may be done, so it is not done."""

    def __init__(self, plugin: str, hook: str) -> None:
        super().__init__(f"plugin {plugin} failed in {hook}")
        self.plugin, self.hook = plugin, hook


@dataclass(frozen=True)
class Objection:
    """Why a plugin is against what is about to be done."""

    plugin: str
    reason: str | LazyString


def _answer(implementation: pluggy.HookImpl, arguments: Mapping[str, Any], prepare: Callable[[Any], Any] | None) -> Any:
    answer = call(implementation, arguments)
    return prepare(answer) if prepare is not None and answer is not None else answer


def _reason(implementation: pluggy.HookImpl, arguments: Mapping[str, Any], hook: str) -> str | None:
    """Raises: TypeError: neither None nor a reason."""
    reason = call(implementation, arguments)
    if reason is not None and (not isinstance(reason, str | LazyString) or not str(reason).strip()):
        raise TypeError(f"{hook}() must return None or a reason, not {reason!r}")
    return None if reason is None else str(reason)


def _held(implementation: pluggy.HookImpl, arguments: Mapping[str, Any], hook: str) -> Mapping[str, Any] | None:
    """Raises: TypeError: neither None nor a mapping."""
    held = call(implementation, arguments)
    if held is not None and not isinstance(held, Mapping):
        raise TypeError(f"{hook}() must return None or a mapping, not {held!r}")
    return held


class VillageHooks:
    """The hooks of one set of plugins: what villages with exactly these modules share.

    A view of what was prepared for all plugins, so that one more set costs next to nothing: which functions a hook has
    here is picked out when it is first called.
    """

    def __init__(self, prepared: PreparedHooks, plugins: frozenset[str], health: PluginHealth) -> None:
        self.plugins = plugins
        self._prepared = prepared
        self._health = health
        self._picked: dict[str, tuple[pluggy.HookImpl, ...]] = {}

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """The services of these plugins by name, in the order of the plugins' names."""
        found = (service for plugin in sorted(self.plugins) for service in self._prepared.services[plugin])
        return MappingProxyType({service.name: service for service in found})

    def _implementations(self, hook: str) -> tuple[pluggy.HookImpl, ...]:
        """These plugins' functions for a hook, in the order in which they are called."""
        picked = self._picked.get(hook)
        if picked is None:
            implementations = self._prepared.implementations[hook]
            picked = tuple(found for found in implementations if found.plugin_name in self.plugins)
            self._picked[hook] = picked
        return picked

    def collect(
        self,
        hook: str,
        /,
        *,
        prepare: Callable[[Any], Any] | None = None,
        **arguments: Any,
    ) -> list[tuple[str, Any]]:
        """Ask every plugin's display hook. Returns (plugin, answer) for those that do not answer None.

        In place of the answer of a plugin that failed or is suspended stands ``Failed``. ``prepare`` makes of an answer
        what the page needs (addresses, HTML) while a failure still counts as the plugin's and not as the page's.

        Raises:
            WorkLost: the guard says that the page cannot go on.
        """
        self._check(hook, HookKind.DISPLAY, arguments)
        answers: list[tuple[str, Any]] = []
        for implementation in self._implementations(hook):
            plugin = implementation.plugin_name
            if self._health.is_suspended(plugin):
                answers.append((plugin, Failed(plugin, hook, suspended=True)))
                continue
            try:
                answer = self._health.for_a_page(
                    plugin, hook, lambda asked=implementation: _answer(asked, arguments, prepare)
                )
            except WorkLost:
                raise
            except Exception as error:
                self._health.record(plugin, hook, _area_of(arguments), error)
                answer = Failed(plugin, hook)
            if answer is not None:
                answers.append((plugin, answer))
        return answers

    def decide(self, hook: str, /, **arguments: Any) -> list[Objection]:
        """Ask every plugin's decision hook. An empty list means that nobody objects.

        Raises:
            CaseError: a plugin raised one, which is an objection too.
            DecisionFailed: a plugin raised anything else, took too long, answered neither None nor a reason, or left
                the transaction otherwise than it was; a decision is never taken without its answer. The caller rolls
                back.
        """
        self._check(hook, HookKind.DECISION, arguments)
        objections: list[Objection] = []
        for implementation in self._implementations(hook):
            reason = self._deciding(implementation, hook, arguments, _reason)
            if reason is not None:
                objections.append(Objection(implementation.plugin_name, reason))
        return objections

    def fulfil(self, hook: str, /, **arguments: Any) -> list[tuple[str, Any]]:
        """Have every plugin do its duty. Returns (plugin, answer) for those that do not answer None.

        To be asked of the hooks of all plugins: :meth:`core.plugins.registry.PluginRegistry.hooks_of_all`.

        Raises:
            CaseError: a plugin raised one.
            DecisionFailed: as :meth:`decide`; nobody is told that something was done of which a part is missing.
        """
        self._check(hook, HookKind.DUTY, arguments)
        writes = hook == "personal_data_erase"
        wanted = _reason if writes else _held
        answers = [
            (implementation.plugin_name, self._deciding(implementation, hook, arguments, wanted, writes=writes))
            for implementation in self._implementations(hook)
        ]
        return [(plugin, answer) for plugin, answer in answers if answer is not None]

    def _deciding(
        self,
        implementation: pluggy.HookImpl,
        hook: str,
        arguments: Mapping[str, Any],
        ask: Callable[..., Any],
        *,
        writes: bool = False,
    ) -> Any:
        """One plugin's answer, without which nothing goes on. Raises: CaseError, DecisionFailed.

        Args:
            writes: the plugin is to write into the running transaction; who calls looks whether it is still that one.
        """
        plugin = implementation.plugin_name
        try:
            asked = self._health.for_a_duty if writes else self._health.for_a_decision
            return asked(plugin, hook, lambda: ask(implementation, arguments, hook))
        except CaseError:
            raise
        except Exception as error:
            self._health.record(plugin, hook, _area_of(arguments), error)
            raise DecisionFailed(plugin, hook) from error

    def listeners(self, event: str) -> frozenset[str]:
        """The plugins that want to be told of an event."""
        return frozenset(implementation.plugin_name for implementation in self._implementations(event))

    def emit(self, event: str, /, *, only: frozenset[str] | None = None, **arguments: Any) -> list[Failed]:
        """Tell every plugin, or those named in ``only``, of something that has been committed.

        Returns the plugins that failed; their failure is logged and counted already. What a plugin wrote without
        committing it is dropped, so that the next one cannot commit it. A plugin may enter a scope; the rows of whoever
        tells it can still be read afterwards.
        """
        self._check(event, HookKind.EVENT, arguments)
        seconds = event_seconds(event, arguments)
        failed: list[Failed] = []
        for implementation in self._implementations(event):
            plugin = implementation.plugin_name
            if only is not None and plugin not in only:
                continue
            try:
                self._health.for_an_event(plugin, event, seconds, lambda told=implementation: call(told, arguments))
                self._health.recover()
            except Exception as error:
                self._health.record(plugin, event, _area_of(arguments), error)
                self._health.recover()
                failed.append(Failed(plugin, event))
        return failed

    def _check(self, hook: str, kind: HookKind, arguments: Mapping[str, Any]) -> None:
        """Refuse a wrong call before any plugin could be blamed for it."""
        if HOOKS.get(hook) is not kind:
            raise TypeError(f"{hook!r} is not a hook of the kind {kind.value}")
        wanted = self._prepared.arguments[hook]
        if arguments.keys() != wanted:
            raise TypeError(f"{hook} takes the arguments {sorted(wanted)}, not {sorted(arguments)}")


def _area_of(arguments: Mapping[str, Any]) -> int | None:
    """The area's id for the log. Must not fail itself: the plugin may have left the session unusable."""
    try:
        return arguments["area"].id if "area" in arguments else next(iter(arguments.values())).village_id
    except Exception:
        return None
