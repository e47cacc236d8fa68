"""How a version is proved before anybody may launch it: canaries, acceptance, a record of the proof."""
