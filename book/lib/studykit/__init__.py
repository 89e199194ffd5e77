"""The teaching: question bank (`bank`), widgets for notebooks (`widgets`), site extension (`sphinx`)."""
