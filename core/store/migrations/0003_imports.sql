-- Other people's results. An imported run has cells, samples and grades like any other; it was never asked from here.

ALTER TABLE runs ADD COLUMN imported TEXT;      -- JSON of where it comes from, as core.store.imports writes it; else NULL

-- What a source does not say of a sample: without tokens, completion_tokens is 0 and estimated 1; without a time,
-- seconds is 0; without a text, its answer stands as the text.

-- A published result without its samples: one point of a curve.
CREATE TABLE aggregates (
    run_id      INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,               -- order in the source, from 0
    label       TEXT    NOT NULL,
    model       TEXT    NOT NULL,
    control     TEXT    NOT NULL,
    budget      ANY,                            -- as in conditions: what each draw was asked for
    votes       INTEGER NOT NULL CHECK (votes >= 1),    -- draws whose most frequent answer counts; 1: no vote
    problems    INTEGER CHECK (problems > 0),   -- NULL where the source does not say and it does not follow
    accuracy    REAL    NOT NULL CHECK (accuracy BETWEEN 0 AND 1),
    mean_tokens REAL    CHECK (mean_tokens >= 0),       -- completion tokens per problem, of all its votes together
    PRIMARY KEY (run_id, position)
) STRICT, WITHOUT ROWID;

-- What a scorer thought of a sample (a reward model, a verifier): weights of votes, best of N.
CREATE TABLE scores (
    sample_id INTEGER NOT NULL REFERENCES samples (id) ON DELETE CASCADE,
    name      TEXT    NOT NULL,
    value     REAL    NOT NULL,
    PRIMARY KEY (sample_id, name)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER an_imported_run_is_never_asked BEFORE INSERT ON attempts
WHEN EXISTS (SELECT 1 FROM runs WHERE id = NEW.run_id AND imported IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'an imported run is never asked'); END;

-- As before, but a sample whose tokens its source does not say has no place among the quantiles of tokens.
DROP TRIGGER a_sample_counts;
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
    SELECT condition_id, NEW.bucket, 1 FROM cells
     WHERE id = NEW.cell_id AND NOT (NEW.estimated AND NEW.completion_tokens = 0)
    ON CONFLICT DO UPDATE SET samples = samples + 1;
END;
