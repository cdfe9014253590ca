"""What the operator reads: sentences on standard error, results on standard output."""

from rich.console import Console
from rich.markup import escape

from meta_gwangju.errors import StartError

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


def explain(error: StartError) -> None:
    """Print what is wrong and what to do, Korean first."""
    err.print(f"[bold red]오류[/] {escape(error.ko)}", soft_wrap=True)
    err.print(f"[bold red]Error[/] {escape(error.en)}", soft_wrap=True)
