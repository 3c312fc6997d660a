"""The plugins' functions for the hooks, put in order once for all sets of plugins that villages have switched on."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

import pluggy

from core import hookspecs
from core.cases.service import Service
from core.hookspecs import HOOKS, HookKind

VILLAGE_KINDS = (HookKind.DISPLAY, HookKind.DECISION, HookKind.EVENT, HookKind.DUTY)


class HookManager(pluggy.PluginManager):
    """A pluggy manager that knows the contract."""

    def __init__(self) -> None:
        super().__init__(hookspecs.PROJECT)
        self.add_hookspecs(hookspecs)

    def arguments_of(self, hook: str) -> frozenset[str]:
        spec = getattr(self.hook, hook).spec
        return frozenset(spec.argnames)

    def unknown_hooks(self) -> list[str]:
        """Names under which a module has a ``@hookimpl`` that no specification knows and that is not optional."""
        callers = (caller for caller in vars(self.hook).values() if not caller.has_spec())
        return sorted(c.name for c in callers if not all(impl.optionalhook for impl in c.get_hookimpls()))

    def implementations(self, hook: str) -> tuple[pluggy.HookImpl, ...]:
        """The functions for ``hook`` in the order in which pluggy would call them."""
        return tuple(reversed(getattr(self.hook, hook).get_hookimpls()))


def call(implementation: pluggy.HookImpl, arguments: Mapping[str, Any]) -> Any:
    """Call one plugin's function for a hook with the arguments that it takes.

    A generator is run to its end here: later, in a template, its failure could no longer be told apart from core's.
    """
    function: Callable[..., Any] = implementation.function
    optional = {name: arguments[name] for name in implementation.kwargnames if name in arguments}
    result = function(*(arguments[name] for name in implementation.argnames), **optional)
    return tuple(result) if isinstance(result, Iterator) else result


class PreparedHooks:
    """What every loaded plugin has for the village hooks.

    Plugins are called in the order of their names; ``tryfirst`` and ``trylast`` move one to the ends. Whatever is left
    out of it, the order of the rest stays: so it holds for each set of plugins, and is worked out once.

    Attributes:
        implementations: each hook's functions in the order in which they are called.
        arguments: what each hook is to be called with.
        services: each plugin's.
    """

    def __init__(
        self, modules: Mapping[str, ModuleType], services: Mapping[str, Iterable[Service]] | None = None
    ) -> None:
        manager = HookManager()
        for name in sorted(modules, reverse=True):  # pluggy calls last what was registered first
            manager.register(modules[name], name=name)
        village_hooks = [hook for hook, kind in HOOKS.items() if kind in VILLAGE_KINDS]
        self.implementations = {hook: manager.implementations(hook) for hook in village_hooks}
        self.arguments = {hook: manager.arguments_of(hook) for hook in village_hooks}
        self.services = {name: tuple((services or {}).get(name, ())) for name in modules}
