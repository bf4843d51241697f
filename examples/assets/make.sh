#!/bin/sh
# Makes the recordings of the demo again: 24 kHz mono PCM16, each at a peak of -3 dBFS. Needs espeak-ng and sox.
# The texts are those of ../demo/scenario.json, but for the punctuation.
set -eu
cd "$(dirname "$0")"

# speak FILE VOICE WORDS_PER_MINUTE SILENCE_BEFORE_S SILENCE_AFTER_S TEXT
speak() {
  espeak-ng -v "$2" -s "$3" --stdout "$6" |
    sox -R -t wav - -b 16 -c 1 "$1" \
      silence 1 0.005 0.3% reverse silence 1 0.005 0.3% reverse rate -v 24000 gain -n -3 pad "$4" "$5"
  echo "$1 $(soxi -D "$1") s"
}

user=en-us
assistant=en-gb+f3

speak question.wav $user 145 0.3 0.1 "What is the weather like in Paris today?"
speak reply.wav $assistant 165 0 0.1 "It is sunny in Paris today, with twenty one degrees and a light breeze from the west."
speak story_request.wav $user 150 0.3 0.1 "Tell me what I should pack for a whole week there."
speak story.wav $assistant 155 0 0.1 "For a week in Paris, start with comfortable shoes, because you will walk a lot. \
Take three light shirts, two pairs of trousers, and a thin jacket for the evenings by the river. \
Leave some room in your bag for the books and the cheese that you will surely bring home."
# Without a pause, or the end of the turn would be heard after the first word.
speak interruption.wav $user 150 0 0.1 "Stop thank you that is enough."
speak goodbye.wav $assistant 150 0 0.1 "Of course. Have a lovely trip!"
