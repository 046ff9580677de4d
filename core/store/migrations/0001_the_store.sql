-- The run store: everything that thinktop knows, in one SQLite file.
--
-- Units        money: picodollars (1e-12 USD), whole numbers; a NULL amount is "unpriced", never free.
--              tokens: as billed. times: UTC, ISO 8601 with a Z. durations: seconds.
-- What cost money is immutable: attempts end once, samples and texts are only added.
-- What can be recomputed is derived: grades are rows of their own; the sums in `totals`, `cells` and
-- `token_octaves` are kept by the triggers below, in the same transaction as the facts that they sum.
-- The lower part says, as triggers, what cannot happen and what follows from what.

---------------------------------------------------------------------------------------------- the plan

CREATE TABLE runs (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, even after a run was deleted
    name            TEXT    NOT NULL UNIQUE,
    created_at      TEXT    NOT NULL,
    started_at      TEXT,                       -- first request
    ended_at        TEXT,                       -- last time it stopped, was capped or finished
    state           TEXT    NOT NULL DEFAULT 'planned' CHECK (state IN
                    ('planned', 'running', 'outage', 'pausing', 'paused', 'stopping', 'stopped', 'capped', 'finished')),
    reason          TEXT    NOT NULL DEFAULT '',    -- why it is in that state, for a person
    simulated       INTEGER NOT NULL CHECK (simulated IN (0, 1)),
    seed            INTEGER NOT NULL,
    config          TEXT    NOT NULL,           -- the resolved config as JSON, prompts included, keys never
    versions        TEXT    NOT NULL,           -- JSON: thinktop, Python, the client, the price list
    worked_s        REAL    NOT NULL DEFAULT 0, -- seconds that samplers have worked; a pause stops this clock
    -- Live: a wish changes these while the run goes on; they are no part of the plan's identity.
    cap_pico        INTEGER CHECK (cap_pico > 0),
    cap_tokens      INTEGER CHECK (cap_tokens > 0),
    max_concurrency INTEGER NOT NULL CHECK (max_concurrency > 0),
    max_attempts    INTEGER NOT NULL CHECK (max_attempts > 0),
    give_up_after_s REAL    NOT NULL CHECK (give_up_after_s >= 0),
    on_unknown      TEXT    NOT NULL CHECK (on_unknown IN ('retry', 'skip')),
    paused          INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),    -- wished so; outlives the sampler
    stop            TEXT    CHECK (stop IN ('drain', 'now')),               -- wished so; cleared by the next start
    grader_id       INTEGER REFERENCES graders (id)                         -- whose grades the sums count
) STRICT;

CREATE TABLE endpoints (
    run_id   INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name     TEXT    NOT NULL,
    settings TEXT    NOT NULL,                  -- JSON of the Endpoint record; names a key's variable, never a key
    PRIMARY KEY (run_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE problems (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,                -- order in the plan, from 0
    key        TEXT    NOT NULL,                -- the problem's own id
    question   TEXT    NOT NULL,
    answer     TEXT    NOT NULL,
    cluster    TEXT,
    difficulty REAL,
    UNIQUE (run_id, key)
) STRICT;

CREATE TABLE conditions (
    id         INTEGER PRIMARY KEY,
    run_id     INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position   INTEGER NOT NULL,
    label      TEXT    NOT NULL,
    model      TEXT    NOT NULL,
    endpoint   TEXT    NOT NULL,                -- a name in endpoints
    control    TEXT    NOT NULL,
    budget     ANY,                             -- INTEGER tokens, TEXT effort level, NULL nothing asked
    token_cap  INTEGER NOT NULL CHECK (token_cap > 0),
    prompt     TEXT    NOT NULL,                -- user message with {problem} still to be filled in
    system     TEXT,
    body       TEXT    NOT NULL,                -- canonical JSON of the other request fields
    price      TEXT                             -- JSON of the Price record; NULL is unpriced
) STRICT;
CREATE UNIQUE INDEX one_condition_per_label_and_budget ON conditions (run_id, label, ifnull(budget, ''));

-- A problem under a condition, the draws planned there, and what has come of them so far.
CREATE TABLE cells (
    id                INTEGER PRIMARY KEY,
    run_id            INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    problem_id        INTEGER NOT NULL REFERENCES problems (id),
    condition_id      INTEGER NOT NULL REFERENCES conditions (id),
    planned           INTEGER NOT NULL CHECK (planned >= 0),        -- never lowered
    planned_first     INTEGER NOT NULL,         -- before any result was seen: what headline accuracy uses
    kept              INTEGER NOT NULL DEFAULT 0,
    failed            INTEGER NOT NULL DEFAULT 0,
    graded            INTEGER NOT NULL DEFAULT 0,   -- by the run's current grader, like the next two
    answered          INTEGER NOT NULL DEFAULT 0,
    right             INTEGER NOT NULL DEFAULT 0,
    truncated         INTEGER NOT NULL DEFAULT 0,
    estimated         INTEGER NOT NULL DEFAULT 0,   -- replies without usage, priced at their reservation
    prompt_tokens     INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL DEFAULT 0,
    reasoning_tokens  INTEGER,                      -- NULL until a server has reported any
    log2_tokens       REAL    NOT NULL DEFAULT 0,   -- sum of log2(completion tokens): geometric means of the overrun
    billed_pico       INTEGER NOT NULL DEFAULT 0,
    seconds           REAL    NOT NULL DEFAULT 0,
    UNIQUE (run_id, problem_id, condition_id)
) STRICT;
CREATE INDEX cells_of_a_problem ON cells (problem_id);     -- without it, deleting a run looks at all cells per problem

-- Completion tokens of a condition's samples, by sixteenths of an octave: quantiles of the overrun to within 2.2 %
-- without reading a sample. bucket = round(16 * log2(completion_tokens)).
CREATE TABLE token_octaves (
    condition_id INTEGER NOT NULL REFERENCES conditions (id) ON DELETE CASCADE,
    bucket       INTEGER NOT NULL,
    samples      INTEGER NOT NULL,
    PRIMARY KEY (condition_id, bucket)
) STRICT, WITHOUT ROWID;

---------------------------------------------------------------------------------------- what was asked

-- One HTTP request. Its row is committed, with its worst-case cost, before its bytes leave.
CREATE TABLE attempts (
    id              INTEGER PRIMARY KEY,
    run_id          INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    cell_id         INTEGER NOT NULL REFERENCES cells (id),
    draw            INTEGER NOT NULL CHECK (draw >= 0),
    step            INTEGER NOT NULL CHECK (step >= 0),
    purpose         TEXT    NOT NULL CHECK (purpose IN ('ask', 'judge')),
    number          INTEGER NOT NULL CHECK (number >= 1),   -- first, second ... attempt for the same step
    reserved_at     TEXT    NOT NULL,
    ended_at        TEXT,
    outcome         TEXT    NOT NULL DEFAULT 'in flight' CHECK (outcome IN
                    ('in flight', 'kept', 'withdrawn', 'unreached', 'busy', 'refused', 'broken', 'unknown', 'settled')),
    reserved_pico   INTEGER NOT NULL CHECK (reserved_pico >= 0),    -- 0 where unpriced
    reserved_tokens INTEGER NOT NULL CHECK (reserved_tokens >= 0),
    billed_pico     INTEGER NOT NULL DEFAULT 0 CHECK (billed_pico >= 0),    -- of kept and settled ones
    billed_tokens   INTEGER NOT NULL DEFAULT 0 CHECK (billed_tokens >= 0),
    status          INTEGER,                        -- HTTP status, where a reply came
    message         TEXT    NOT NULL DEFAULT '',    -- what went wrong, as the server or the network put it
    request_id      TEXT,
    CHECK (outcome IN ('kept', 'settled') OR (billed_pico = 0 AND billed_tokens = 0))
) STRICT;
CREATE INDEX attempts_not_settled ON attempts (run_id, outcome) WHERE outcome IN ('in flight', 'unknown');
CREATE INDEX attempts_of_a_draw ON attempts (cell_id, draw);

-- A step that came back whole and was billed. Today's draws have one step, number 0.
CREATE TABLE samples (
    id                INTEGER PRIMARY KEY,
    cell_id           INTEGER NOT NULL REFERENCES cells (id),
    draw              INTEGER NOT NULL CHECK (draw >= 0),
    step              INTEGER NOT NULL CHECK (step >= 0),
    attempt_id        INTEGER UNIQUE REFERENCES attempts (id),  -- NULL for imported ones
    kept_at           TEXT    NOT NULL,
    finish_reason     TEXT,
    prompt_tokens     INTEGER NOT NULL,
    cached_tokens     INTEGER NOT NULL DEFAULT 0,
    completion_tokens INTEGER NOT NULL,         -- reasoning included
    reasoning_tokens  INTEGER,                  -- NULL where the server does not say
    bucket            INTEGER NOT NULL,         -- see token_octaves
    log2_tokens       REAL    NOT NULL,
    billed_pico       INTEGER,                  -- NULL where unpriced
    estimated         INTEGER NOT NULL CHECK (estimated IN (0, 1)),
    seconds           REAL    NOT NULL,
    model             TEXT,                     -- as the server reported it, like the next one
    fingerprint       TEXT,
    text_sha          BLOB    NOT NULL,         -- SHA-256 of the text: identical draws are no independent draws
    UNIQUE (cell_id, draw, step)                -- a recorded draw is never recorded twice
) STRICT;

-- Apart, so that counting never reads them.
CREATE TABLE texts (
    sample_id INTEGER PRIMARY KEY REFERENCES samples (id),
    text      BLOB NOT NULL,                    -- zstandard, UTF-8
    reasoning BLOB                              -- zstandard, UTF-8: the thinking that the server showed
) STRICT;

-- A step that will not be asked again, until somebody says `retry`.
CREATE TABLE failures (
    cell_id   INTEGER NOT NULL REFERENCES cells (id),
    draw      INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    failed_at TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    PRIMARY KEY (cell_id, draw, step)
) STRICT, WITHOUT ROWID;

-------------------------------------------------------------------------------------- what it came to

CREATE TABLE graders (
    id       INTEGER PRIMARY KEY,
    identity TEXT NOT NULL UNIQUE               -- kind, version and options: a better reader is another grader
) STRICT;

CREATE TABLE grades (
    sample_id INTEGER NOT NULL REFERENCES samples (id),
    grader_id INTEGER NOT NULL REFERENCES graders (id),
    answer    TEXT,                             -- NULL: none could be read
    verdict   TEXT    NOT NULL CHECK (verdict IN ('right', 'wrong', 'no answer')),
    note      TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (sample_id, grader_id),
    CHECK ((answer IS NULL) = (verdict = 'no answer'))
) STRICT, WITHOUT ROWID;

-- One row a run: what the cap is checked against and what every screen shows.
CREATE TABLE totals (
    run_id            INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    attempts          INTEGER NOT NULL DEFAULT 0,   -- sent or about to be; withdrawn ones do not count
    retries           INTEGER NOT NULL DEFAULT 0,
    in_flight         INTEGER NOT NULL DEFAULT 0,
    unknown_attempts  INTEGER NOT NULL DEFAULT 0,
    spent_pico        INTEGER NOT NULL DEFAULT 0,
    reserved_pico     INTEGER NOT NULL DEFAULT 0,
    unknown_pico      INTEGER NOT NULL DEFAULT 0,
    spent_tokens      INTEGER NOT NULL DEFAULT 0,
    reserved_tokens   INTEGER NOT NULL DEFAULT 0,
    unknown_tokens    INTEGER NOT NULL DEFAULT 0
) STRICT;

----------------------------------------------------------------------------------- people and samplers

-- What people asked for; the history stays. The effect on the run's live columns is in the same transaction.
CREATE TABLE wishes (
    id        INTEGER PRIMARY KEY,
    run_id    INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    wished_at TEXT    NOT NULL,
    kind      TEXT    NOT NULL CHECK (kind IN ('pause', 'resume', 'stop', 'set', 'extend', 'retry', 'settle', 'regrade')),
    detail    TEXT    NOT NULL DEFAULT '',      -- in words
    taken_at  TEXT                              -- when a sampler acted on it
) STRICT;
CREATE INDEX wishes_not_taken ON wishes (run_id) WHERE taken_at IS NULL;

-- The sampler that has, or had last, the run: its sign of life and what it is doing now.
CREATE TABLE samplers (
    run_id        INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    pid           INTEGER NOT NULL,
    host          TEXT    NOT NULL,
    started_at    TEXT    NOT NULL,
    beat_at       TEXT    NOT NULL,
    in_flight     INTEGER NOT NULL DEFAULT 0,   -- requests that are out now (reserved ones may still wait for a slot)
    slots         INTEGER NOT NULL DEFAULT 0,   -- what the pace allows now
    requests_per_s REAL   NOT NULL DEFAULT 0,   -- over the last seconds, like the next one
    tokens_per_s  REAL    NOT NULL DEFAULT 0,
    busy_replies  INTEGER NOT NULL DEFAULT 0,   -- 429s so far
    waiting       TEXT    NOT NULL DEFAULT '',  -- what it waits for, for a person; empty when it does not
    waiting_since TEXT
) STRICT;

CREATE TABLE events (
    id     INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    at     TEXT    NOT NULL,
    kind   TEXT    NOT NULL,                    -- start, end, wait, retry, outage, pause, doubt, failure, warning, wish
    text   TEXT    NOT NULL
) STRICT;
CREATE INDEX events_of_a_run ON events (run_id, id);

---------------------------------------------------------------------------------- what cannot happen

CREATE TRIGGER a_reservation_stays_within_the_dollar_cap BEFORE INSERT ON attempts
WHEN NEW.reserved_pico > 0 AND EXISTS (
    SELECT 1 FROM runs JOIN totals ON totals.run_id = runs.id
     WHERE runs.id = NEW.run_id AND cap_pico < spent_pico + totals.unknown_pico + totals.reserved_pico + NEW.reserved_pico)
BEGIN SELECT RAISE(ABORT, 'over the cap: dollars'); END;

CREATE TRIGGER a_reservation_stays_within_the_token_cap BEFORE INSERT ON attempts
WHEN EXISTS (
    SELECT 1 FROM runs JOIN totals ON totals.run_id = runs.id
     WHERE runs.id = NEW.run_id
       AND cap_tokens < spent_tokens + unknown_tokens + totals.reserved_tokens + NEW.reserved_tokens)
BEGIN SELECT RAISE(ABORT, 'over the cap: tokens'); END;

CREATE TRIGGER a_recorded_draw_is_never_asked_again BEFORE INSERT ON attempts
WHEN NEW.purpose = 'ask' AND EXISTS (
    SELECT 1 FROM samples WHERE cell_id = NEW.cell_id AND draw = NEW.draw AND step = NEW.step)
BEGIN SELECT RAISE(ABORT, 'this draw is recorded already'); END;

CREATE TRIGGER an_attempt_ends_once BEFORE UPDATE OF outcome ON attempts
WHEN OLD.outcome <> 'in flight' AND NOT (OLD.outcome = 'unknown' AND NEW.outcome = 'settled')
BEGIN SELECT RAISE(ABORT, 'this attempt has ended already'); END;

CREATE TRIGGER a_reservation_is_a_fact BEFORE UPDATE OF run_id, cell_id, draw, step, reserved_pico, reserved_tokens ON attempts
BEGIN SELECT RAISE(ABORT, 'reservations are never changed'); END;

CREATE TRIGGER planned_draws_are_never_lowered BEFORE UPDATE OF planned ON cells
WHEN NEW.planned < OLD.planned
BEGIN SELECT RAISE(ABORT, 'planned draws are never lowered'); END;

CREATE TRIGGER a_sample_is_a_fact BEFORE UPDATE ON samples
BEGIN SELECT RAISE(ABORT, 'samples are never changed'); END;

CREATE TRIGGER a_text_is_a_fact BEFORE UPDATE ON texts
BEGIN SELECT RAISE(ABORT, 'texts are never changed'); END;

----------------------------------------------------------------------------------- what follows from what

CREATE TRIGGER a_run_has_totals AFTER INSERT ON runs
BEGIN INSERT INTO totals (run_id) VALUES (NEW.id); END;

CREATE TRIGGER an_attempt_is_reserved AFTER INSERT ON attempts
BEGIN
    UPDATE totals
       SET attempts = attempts + 1,
           retries = retries + (NEW.number > 1),
           in_flight = in_flight + 1,
           reserved_pico = reserved_pico + NEW.reserved_pico,
           reserved_tokens = reserved_tokens + NEW.reserved_tokens
     WHERE run_id = NEW.run_id;
END;

CREATE TRIGGER an_attempt_has_ended AFTER UPDATE OF outcome ON attempts
BEGIN
    UPDATE totals
       SET attempts = attempts - (NEW.outcome = 'withdrawn'),
           retries = retries - (NEW.outcome = 'withdrawn' AND NEW.number > 1),
           in_flight = in_flight - (OLD.outcome = 'in flight'),
           unknown_attempts = unknown_attempts + (NEW.outcome = 'unknown') - (OLD.outcome = 'unknown'),
           spent_pico = spent_pico + NEW.billed_pico,
           spent_tokens = spent_tokens + NEW.billed_tokens,
           reserved_pico = reserved_pico - (OLD.outcome = 'in flight') * NEW.reserved_pico,
           reserved_tokens = reserved_tokens - (OLD.outcome = 'in flight') * NEW.reserved_tokens,
           unknown_pico = unknown_pico + ((NEW.outcome = 'unknown') - (OLD.outcome = 'unknown')) * NEW.reserved_pico,
           unknown_tokens = unknown_tokens + ((NEW.outcome = 'unknown') - (OLD.outcome = 'unknown')) * NEW.reserved_tokens
     WHERE run_id = NEW.run_id;
END;

CREATE TRIGGER a_sample_counts AFTER INSERT ON samples
BEGIN
    UPDATE cells
       SET kept = kept + 1,
           truncated = truncated + (NEW.finish_reason IS 'length'),
           estimated = estimated + NEW.estimated,
           prompt_tokens = prompt_tokens + NEW.prompt_tokens,
           completion_tokens = completion_tokens + NEW.completion_tokens,
           reasoning_tokens = coalesce(reasoning_tokens + NEW.reasoning_tokens, NEW.reasoning_tokens, reasoning_tokens),
           log2_tokens = log2_tokens + NEW.log2_tokens,
           billed_pico = billed_pico + ifnull(NEW.billed_pico, 0),
           seconds = seconds + NEW.seconds
     WHERE id = NEW.cell_id;
    INSERT INTO token_octaves (condition_id, bucket, samples)
    SELECT condition_id, NEW.bucket, 1 FROM cells WHERE id = NEW.cell_id
    ON CONFLICT DO UPDATE SET samples = samples + 1;
END;

CREATE TRIGGER a_failure_counts AFTER INSERT ON failures
BEGIN UPDATE cells SET failed = failed + 1 WHERE id = NEW.cell_id; END;

CREATE TRIGGER a_retry_takes_it_back AFTER DELETE ON failures
BEGIN UPDATE cells SET failed = failed - 1 WHERE id = OLD.cell_id; END;

-- A truncated answer is wrong and casts no vote, whatever was read out of it.
CREATE TRIGGER a_grade_counts AFTER INSERT ON grades
BEGIN
    UPDATE cells
       SET graded = graded + 1,
           answered = answered + (NEW.verdict <> 'no answer' AND NOT sample.cut),
           right = right + (NEW.verdict = 'right' AND NOT sample.cut)
      FROM (SELECT cell_id, finish_reason IS 'length' AS cut FROM samples WHERE id = NEW.sample_id) AS sample
     WHERE cells.id = sample.cell_id
       AND NEW.grader_id = (SELECT grader_id FROM runs WHERE id = cells.run_id);
END;
