"""The sums behind the figures of made-up stories and of the whiteboard example, in the figures' own spelling.

A figure in brackets is not said in digits ("one in four" is ``[1] / [4]``); every other stands in the text. ``=`` holds to
half of the last digit that is not a trailing zero: ``48,000 * 6.2% = 3,000`` is right, ``= 2,990`` is not. ``given`` lists the
figures that no sum uses. `test_stories` holds all of it to the texts.
"""

SUMS = {
    "hr-why-this-role": {
        "given": ["2.4", "23", "6.2%", "48,000", "1.8%", "35%", "42", "2.1%", "52,000"],
        "sums": [],
    },
    "hr-most-exciting": {"given": ["6,600"], "sums": ["11,000 * 42 / [100] = 4,620"]},
    "hr-values-mission": {
        "given": ["2,000", "28", "18", "1"],  # a first sample; Always Day 1
        "sums": ["( 139 - 91 ) / 10,000 * 600,000 * 21 = 60,000", "18,000 - [6,750] = 11,250"],
    },
    "tech-3pl-experience": {
        "given": ["2.4", "23", "22", "9", "6.2%", "48,000", "42", "35%", "2.1%", "52,000", "30", "18", "180,000"],
        "sums": [],
    },
    "beh-cross-functional": {
        "given": ["1.8%", "35%"],
        "sums": [
            "48,000 * 6.2% = 3,000",
            "52,000 * 2.1% = 1,090",
            "52,000 * 6.2% = 3,220",
            "11,000 * 42 / [100] = 4,620",
            "( 3,220 - 1,090 ) * 3.10 = 6,600",
            "6,600 - 4,620 = 2,000",
        ],
    },
    "beh-conflicting-priorities": {
        "given": ["2,000", "28", "18", "40"],
        "sums": [
            "225,000 * 8% = 18,000",
            "300 / [2] * [6] * 14 = 12,600",
            "18,000 - 12,600 = 5,400",
            "( 139 - 91 ) / 10,000 * 600,000 = 2,880",
            "2,880 * 21 = 60,000",
            "91 / 10,000 = 0.9%",
            "225,000 * 3% = 6,750",
            "18,000 - 6,750 = 11,250",
        ],
    },
    "beh-align-with-goals": {
        "given": ["25,000", "40%", "60"],
        "sums": [
            "15,000 * 31 / [100] = 4,650",
            "( 19.1% - 18.0% ) * 9,000 = 99",
            "99 * 34 = 3,370",
            "15,000 * 20 / [100] = 3,000",
        ],
    },
    "final-short-vs-long": {
        "given": ["90%", "4,000"],
        "sums": [
            "( 18 - 12 ) / 100 * 34 = 2",
            "3.10 + 2 = 5",
            "[3] / [100] * 3.10 * [100] = 9",
            "[3] / [100] * ( 3.10 + ( 18 - 12 ) / 100 * 34 ) * [100] = 15",
            "20 - 15 = 5",
            "10% - 5% = [5%]",
            "[5] / [100] * 3.10 * [100] = 16",
            "[5] / [100] * ( 3.10 + ( 18 - 12 ) / 100 * 34 ) * [100] = 26",
        ],
    },
    "final-motivation-trends": {
        "given": ["2025", "18", "13", "4,000"],  # the rule's date; the length that would count
        "sums": ["310,000 * [1] / [4] * 38 / [100] = 29,000", "12.2 - 0.3 = [11.9]", "12.2 = 12"],
    },
    "page stages/case-study": {
        "given": [],
        "sums": [
            "[1] + 45% = 1.45",
            "8,000 * 1.45 = 11,600",
            "11,600 - 9,000 = 2,600",
            "4 * 2,600 = 10,400",
            "10,400 / 9,000 = 1.2",
            "10,400 / ( 9,000 - 8,000 ) = 10.4",
            "10,400 * 1.20 = 12,480",
            "[2] * 2,600 = 5,200",
            "[3] * 2,600 = 7,800",
            "2,600 + 5,200 + 7,800 + 10,400 = 26,000",
        ],
    },
}

#: What more than one story tells: each spelling stands in each of its stories.
SHARED = {
    ("6.2%", "2.1%"): ["hr-why-this-role", "tech-3pl-experience", "beh-cross-functional"],
    ("35%",): ["hr-why-this-role", "tech-3pl-experience", "beh-cross-functional"],
    ("48,000", "52,000"): ["hr-why-this-role", "tech-3pl-experience", "beh-cross-functional"],
    ("600,000 cartons",): ["hr-values-mission", "beh-conflicting-priorities"],
    ("42 cents", "11,000"): ["hr-most-exciting", "beh-cross-functional"],
    ("42 cents",): ["hr-why-this-role", "tech-3pl-experience"],
    ("18,000", "11,250", "139", "91", "28", "21 dollars"): ["hr-values-mission", "beh-conflicting-priorities"],
    ("3.10",): ["beh-cross-functional", "final-short-vs-long"],
    ("34 dollars of margin",): ["beh-align-with-goals", "final-short-vs-long"],
    ("2.4 million orders", "three parcel carriers"): ["hr-why-this-role", "tech-3pl-experience"],
    ("ten days",): ["hr-why-this-role", "tech-3pl-experience", "beh-cross-functional"],
}
