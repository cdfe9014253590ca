"""What the door leads to, in the order of its menu."""

#: Path below the door, Korean and English name.
ROOMS = (
    ("proposals", "제안", "Proposals"),
    ("votes", "투표", "Votes"),
    ("reports", "신고", "Reports"),
    ("wallet", "지갑", "Wallet"),
)
#: The same with a sentence each, for the first page.
CARDS = (
    (
        "proposals",
        "제안",
        "Proposals",
        "도시에 바라는 것을 올리고, 다른 제안에 공감하고, 시의 답을 읽어요.",
        "Say what the city should do, support what others propose, read the city's answers.",
    ),
    (
        "votes",
        "투표",
        "Votes",
        "시가 묻는 것에 표를 던지고, 영수증을 간직하고, 세어진 것을 확인해요.",
        "Cast your ballot on what the city asks, keep a receipt, check how it was counted.",
    ),
    (
        "reports",
        "신고",
        "Reports",
        "망가진 길이나 꺼진 가로등을 사진과 함께 알리고, 처리되는 걸 지켜봐요.",
        "Report a broken road or a dark street light with a photo, and follow what is done.",
    ),
    (
        "wallet",
        "지갑",
        "Wallet",
        "잔액과 내역을 보고, 지갑 번호로 다른 시민에게 보내요.",
        "See your balance and history, and pay another citizen by wallet number.",
    ),
)
