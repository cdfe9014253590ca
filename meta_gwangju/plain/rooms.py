"""What the door leads to, in the order of its menu."""

#: Path below the door, Korean and English name.
ROOMS = (
    ("proposals", "제안", "Proposals"),
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
        "wallet",
        "지갑",
        "Wallet",
        "잔액과 내역을 보고, 지갑 번호로 다른 시민에게 보내요.",
        "See your balance and history, and pay another citizen by wallet number.",
    ),
)
