"""The words of the templates; each says what is known, what is not, and when more is said."""

# The facts stand in braces, what only a person can know stands in square brackets.
TEXTS = {
    "holding": """\
Many of you have written about {client} in {town}. It began {when}.

What we know: [one sentence that you can show to be so].

What we do not know yet: [what you are still finding out].

We read every word. We speak again here [when you will say more].

If you were there, please write to us: [an address of the business].

{owner}, {client}""",
    "looking": """\
You have told us about {client}. We are looking into it.

We know this: [one sentence that you can show to be so].

We do not know yet: [what you are still finding out].

We speak again here [when you will say more].""",
    "apology": """\
We are sorry. This is about {client} in {town}, {when}.

What we know: [what happened, in plain words].

It should not have happened. The fault is ours.

What we do not know yet: [what you are still finding out].

What we change: [what is different from today on].

We speak again here [when you will say more]. If it happened to you, please write to us: \
[an address of the business].

{owner}, {client}""",
    "correction": """\
This is about {client} in {town}.

What we know: [what is so, and how anybody can see that for themselves].

What we do not know yet: [what you are still finding out].

We speak again here [when you will say more]. Questions reach us here: \
[an address of the business].

{owner}, {client}""",
    "staff": """\
To everybody who works at {client}.

What we know: [one sentence that you can show to be so]. It began {when}.

What we do not know yet: [what you are still finding out].

Please answer no reviews and no reporters yourselves. {owner} speaks for all of us.
If a guest asks, say: “We know about it, and we are looking into it.”
If somebody threatens you, step back and call {owner}.

You hear more from us [when you will say more].""",
    "press": """\
{client}, {town}

What we know: [one sentence that you can show to be so]. It began {when}.

What we do not know yet: [what you are still finding out].

What we do: [what has been done since].

We speak again [when you will say more]. {owner} answers questions: \
[an address of the business].""",
}
