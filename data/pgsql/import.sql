-- SPDX-License-Identifier: MPL-2.0
-- Makes the users of a database those of a registry file, which it reads from its standard input:
--
--   psql -X -q -d NAME -f import.sql < user_chk_registry.txt
--
-- It adds, changes and removes users in one transaction: all of it is done, or nothing. What is the same already is not
-- touched, so servers see nothing but changes. It needs the rights of user_chk_editor.
--
-- It is about rows of all servers (server_tag 'all'). With psql's -v one may set:
--   source=NAME        Each user gets an attribute `source` with this name, and only users who have it are changed and
--                      removed: a row that was made by somebody else stays as it is.
--   most_gone=PERCENT  How many of the users who are there may be removed. 10 when it is not set. With
--                      more to remove, and when there is nobody in the file, nothing is done.

\set ON_ERROR_STOP on
\encoding UTF8
\if :{?source}
\else
  \set source ''
\endif
\if :{?most_gone}
\else
  \set most_gone 10
\endif

BEGIN;
-- One at a time.
DO $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext('user_chk import')); END $$;

-- A line is taken as it is: these two characters are in no JSON.
CREATE TEMP TABLE lines (line text) ON COMMIT DROP;
\copy lines FROM pstdin WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02')

CREATE TEMP TABLE wanted (type text, id bytea, attributes jsonb, PRIMARY KEY (type, id)) ON COMMIT DROP;
WITH records AS MATERIALIZED (SELECT line::jsonb AS record FROM lines WHERE line ~ '\S' AND line !~ '^#'),
ids AS (SELECT record, record ->> 'type' AS type, record ->> 'id' AS id FROM records)
INSERT INTO wanted
  SELECT DISTINCT
    type || CASE WHEN id = 'random' THEN '_RANDOM' WHEN id LIKE '%*' THEN '_PREFIX' ELSE '' END,
    CASE WHEN id = 'random' THEN '\x02'::bytea
         WHEN id ~ '^''[^'']*''\*?$' THEN convert_to(substring(id from '^''(.*)''\*?$'), 'UTF8')
         ELSE decode(translate(regexp_replace(id, '\*$', ''), ':-.', ''), 'hex') END,
    (record - 'type' - 'id') || CASE WHEN :'source' = '' THEN '{}' ELSE jsonb_build_object('source', :'source') END
  FROM ids;
ANALYZE wanted;

CREATE TEMP VIEW own AS
  SELECT * FROM user_chk.users WHERE server_tag = 'all' AND (:'source' = '' OR attributes ->> 'source' = :'source');

SELECT count(*) AS present, count(*) FILTER (WHERE w.type IS NULL) AS gone, (SELECT count(*) FROM wanted) AS wanted
  FROM own o LEFT JOIN wanted w USING (type, id) \gset
SELECT :wanted = 0 OR :gone > ceil(:present * :most_gone / 100.0) AS is_refused \gset
\if :is_refused
  \warn :wanted 'users are to be there,' :gone 'of' :present 'would be removed:'
  DO $$ BEGIN RAISE EXCEPTION 'too many, so nothing was changed (most_gone)'; END $$;
\endif

WITH done AS (
  INSERT INTO user_chk.users AS u (type, id, attributes)
    SELECT w.type, w.id, w.attributes FROM wanted w WHERE NOT EXISTS (
      SELECT FROM user_chk.users h
      WHERE h.type = w.type AND h.id = w.id AND h.server_tag = 'all' AND h.attributes = w.attributes)
  ON CONFLICT (type, id, server_tag) DO UPDATE SET attributes = excluded.attributes
    WHERE :'source' = '' OR u.attributes ->> 'source' = :'source'
  RETURNING xmax = 0 AS is_new)
SELECT count(*) FILTER (WHERE is_new) AS added, count(*) FILTER (WHERE NOT is_new) AS changed FROM done \gset

WITH done AS (
  DELETE FROM own o WHERE NOT EXISTS (SELECT FROM wanted w WHERE w.type = o.type AND w.id = o.id) RETURNING 1)
SELECT count(*) AS removed FROM done \gset

SELECT count(*) AS left_alone FROM wanted w LEFT JOIN own o USING (type, id) WHERE o.type IS NULL \gset
DROP VIEW own;
COMMIT;
\echo :added added, :changed changed, :removed removed, :left_alone 'left as somebody else has made them'
