"""Prints what was read beside the truth; exit code 0 if at least 95 % of the characters are right and every request was answered.

Usage: judge.py LABELS.tsv ANSWERS.tsv      (file, answer; file, client, answer as JSON)
"""
import json, sys

RIGHT = 0.95


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def text_of(answer):
    body = json.loads(answer or '{}')
    outputs = body.get('outputs', {})
    if isinstance(outputs, list):  # the payload itself, as mosquitto_sub prints it
        outputs = {output['name']: output['data'] for output in outputs}
    return outputs.get('text', [None])[0], outputs.get('score', [0])[0], body.get('error')


def main(labels, answers):
    truth = dict(line.rstrip('\n').split('\t', 1) for line in open(labels, encoding='utf-8'))
    wrong = total = unanswered = 0
    print(f'{"image":10} {"client":11} {"score":>6}  {"read":28} truth')
    for line in open(answers, encoding='utf-8'):
        file, client, answer = line.rstrip('\n').split('\t', 2)
        text, score, error = text_of(answer)
        unanswered += text is None
        wrong += distance(text or '', truth[file])
        total += len(truth[file])
        print(f'{file:10} {client:11} {score:6.3f}  {text if text is not None else error or "no answer":28} {truth[file]}')
    print(f'{total - wrong} of {total} characters right')
    return 0 if not unanswered and total and wrong <= (1 - RIGHT) * total else 1


sys.exit(main(*sys.argv[1:]))
