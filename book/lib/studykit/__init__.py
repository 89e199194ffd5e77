"""The teaching, without a word about the subject.

``bank``       the question bank: files read, checked and handed over as plain JSON; exports
``widgets``    what a notebook imports; ``widgets/js`` has the modules and styles of the page
``sphinx``     the site: roles, directives and outputs of a Jupyter Book 1 build
``build``      commands and tools of authors: execute notebooks, draw figures, start a browser, assemble modules
``vendor``     the chart library and a font, as their authors publish them
``published``  dated facts and recorded values by name; ``sources`` what they rest on; ``progress`` a reader's answers
"""
