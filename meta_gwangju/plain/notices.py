"""What is said at the top of a page after something was done."""

from collections.abc import Mapping
from types import MappingProxyType

#: By the code in the address; other codes say nothing.
NOTICES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "signed-in": ("들어왔어요.", "You are signed in."),
        "signed-out": ("나갔어요.", "You are signed out."),
        "session-ended": ("그 기기를 내보냈어요.", "That device is signed out."),
        "proposed": ("제안을 올렸어요.", "Your proposal stands."),
        "edited": ("제안을 고쳤어요.", "Your proposal is changed."),
        "withdrawn": ("제안을 철회했어요.", "Your proposal is withdrawn."),
        "supported": ("공감했어요.", "You support this proposal."),
        "support-withdrawn": ("공감을 거두었어요.", "You took your support back."),
        "commented": ("의견을 남겼어요.", "Your comment stands."),
        "comment-withdrawn": ("의견을 지웠어요.", "Your comment is withdrawn."),
        "reported": (
            "신고를 받았어요. 처리되는 대로 여기에 적어요.",
            "Your report is in. What is done about it will stand here.",
        ),
        "step-taken": ("처리 내용을 적었어요.", "The step is recorded."),
        "reopened": ("다시 봐 달라고 했어요.", "It is open again."),
        "paid": ("보냈어요. 아래가 영수증이에요.", "Paid. This is the receipt."),
        "answered": ("답변을 올렸어요.", "The answer stands."),
        "hidden": ("가렸어요.", "It is out of sight."),
        "shown": ("다시 보여요.", "It is in sight again."),
    }
)
