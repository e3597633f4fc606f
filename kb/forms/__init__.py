"""What a service asks, as data: one form for every door. Pure: plain values in and out.

`schema` has the shapes, `reading` makes them from JSON, `conditions` says when a question is asked,
`path` which one comes next and where a form ends early, `answers` what is an answer, `words` how it
reads, `standard` the form of a service that has none of its own. For who writes forms: `editing`
changes one thing, `files` reads and writes them, `walking` goes every way, `lint` says what could
be better, `explained` puts conditions and changes into words.
"""
