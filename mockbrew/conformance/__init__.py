"""Conformance: any server held against a spec, `run.verify(url, spec, Options(...), say=...) -> Report`.

`results` is what it gives, `options` what may be chosen. `say` is told each sentence that somebody who stands beside the rig should read
at once. Ctrl-C, a lost server and a hazard end a run early: what was found is restored all the same, and the report says why it ended.

What is `known` is above what is `judged`, then the `server`, what keeps the rig `safe`, and what is `asked`; `run` goes through it all,
`commanding` through what changes something. `compared` holds two runs side by side, `reports` tells what came of one or of both.
"""
