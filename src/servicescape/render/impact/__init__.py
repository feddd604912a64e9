"""The impact matrix and the blast radius, one file a form.

`text` for a terminal, `markdown` for pull requests, `csv_form` for spreadsheets, `json_form` for programs and `html`
for everybody else. What the forms say in common stands in `words`.
"""
