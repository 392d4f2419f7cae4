"""Pure rules of fieldwork: drawing and sampling, rounds, coverage, who visits what and on which walk, scores, 群租."""
