"""From red-team instances to what the blue team judges by. Needs the extra ``train``; judging does not."""
