"""How a kernel calls a C function whose address it was given.

The types of the arguments are those of the C function: 64 bits for pointers and `size_t`, 32 bits for `int`,
so callers write ``np.int32(…)`` where C has an `int`. Every function here returns a C `int`.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, types

from spatial.kernel import compiled

#: Untyped, so that a kernel's call is checked as it is written there, without the context.
intrinsic: Any = extending.intrinsic
_unliteral: Any = types.unliteral
_WIDTHS = {types.int32: 32, types.int64: 64}


def _typed(*arguments: Any) -> Any:
    kinds = [_unliteral(argument) for argument in arguments]
    if any(kind not in _WIDTHS for kind in kinds):
        return None
    widths = [_WIDTHS[kind] for kind in kinds]

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        del context, signature
        function = ir.FunctionType(ir.IntType(32), [ir.IntType(width) for width in widths])
        target = builder.inttoptr(values[0], function.as_pointer())
        return builder.call(target, list(values[1:]))

    return types.int32(types.int64, *kinds), generate


@intrinsic
def call0(context: Any, address: Any) -> Any:
    """Call a function of no argument, for its effect: what it returns is not to be looked at."""
    del context, address
    return _typed()


@intrinsic
def call1(context: Any, address: Any, a: Any) -> Any:
    """Call a function of one argument."""
    del context, address
    return _typed(a)


@intrinsic
def call3(context: Any, address: Any, a: Any, b: Any, c: Any) -> Any:
    """Call a function of three arguments."""
    del context, address
    return _typed(a, b, c)


@intrinsic
def call4(context: Any, address: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Call a function of four arguments."""
    del context, address
    return _typed(a, b, c, d)


@intrinsic
def call5(context: Any, address: Any, a: Any, b: Any, c: Any, d: Any, e: Any) -> Any:
    """Call a function of five arguments."""
    del context, address
    return _typed(a, b, c, d, e)


@intrinsic
def call6(context: Any, address: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    """Call a function of six arguments."""
    del context, address
    return _typed(a, b, c, d, e, f)


@compiled
def address_of(array: Any) -> Any:
    """Return where an array's first number is."""
    return np.int64(array.ctypes.data)
