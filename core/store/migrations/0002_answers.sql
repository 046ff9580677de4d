-- How often each answer was given in each cell: what a leading vote is read from without reading the samples.
-- Derived, like the sums in `cells`: the sum of `votes` over a cell is its `answered`, that of `right` its `right`.

CREATE TABLE answers (
    cell_id INTEGER NOT NULL REFERENCES cells (id) ON DELETE CASCADE,
    answer  TEXT    NOT NULL,
    votes   INTEGER NOT NULL,                   -- samples that gave it, by the run's current grader, not truncated
    right   INTEGER NOT NULL,                   -- of those: a judge may hold the same answer right once and wrong once
    PRIMARY KEY (cell_id, answer)
) STRICT, WITHOUT ROWID;

-- CROSS JOIN: grades and samples side by side in the order of their rows, a second for a million of them.
INSERT INTO answers (cell_id, answer, votes, right)
SELECT samples.cell_id, grades.answer, count(*), sum(grades.verdict = 'right')
  FROM grades
 CROSS JOIN samples ON samples.id = grades.sample_id
 CROSS JOIN cells ON cells.id = samples.cell_id
 CROSS JOIN runs ON runs.id = cells.run_id AND runs.grader_id = grades.grader_id
 WHERE grades.answer IS NOT NULL AND samples.finish_reason IS NOT 'length'
 GROUP BY samples.cell_id, grades.answer;

-- A truncated answer casts no vote, whatever was read out of it; no answer casts none either.
CREATE TRIGGER an_answer_votes AFTER INSERT ON grades WHEN NEW.answer IS NOT NULL
BEGIN
    INSERT INTO answers (cell_id, answer, votes, right)
    SELECT cells.id, NEW.answer, 1, NEW.verdict = 'right'
      FROM samples JOIN cells ON cells.id = samples.cell_id JOIN runs ON runs.id = cells.run_id
     WHERE samples.id = NEW.sample_id AND samples.finish_reason IS NOT 'length' AND runs.grader_id = NEW.grader_id
    ON CONFLICT DO UPDATE SET votes = votes + 1, right = right + excluded.right;
END;

-- An index of one outcome each: SQLite does not see that `outcome = 'unknown'` is within the old one's IN (...), and
-- read every attempt.
DROP INDEX attempts_not_settled;
CREATE INDEX attempts_in_flight ON attempts (run_id) WHERE outcome = 'in flight';
CREATE INDEX attempts_in_doubt ON attempts (run_id) WHERE outcome = 'unknown';

-- Without it, adding up conditions sorts all cells, and deleting a run looks at all of them per condition.
CREATE INDEX cells_of_a_condition ON cells (condition_id);
