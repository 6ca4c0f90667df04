-- SPDX-License-Identifier: MPL-2.0
-- Prints the users of a database as a registry file:
--
--   psql -X -q -d NAME -f export.sql > user_chk_registry.txt
--
-- These are the users of servers without a tag of their own; with -v server_tag=TAG, those of servers with that tag.
-- The order of the lines does not matter to servers. They are sorted by type and id, byte by byte, so equal users give
-- equal text, and diff shows what has changed between two exports. Requires the role user_chk_reader.

\set ON_ERROR_STOP on
\encoding UTF8
\if :{?server_tag}
\else
  \set server_tag all
\endif

-- Prints a line unchanged: these two characters do not occur in JSON.
COPY (
  SELECT left(json_build_object(
      'type', regexp_replace(type, '_(PREFIX|RANDOM)$', ''),
      'id', CASE WHEN type ~ '_RANDOM$' THEN 'random'
                 WHEN type ~ '_PREFIX$' THEN regexp_replace(encode(id, 'hex'), '(..)', '\1:', 'g') || '*'
                 ELSE rtrim(regexp_replace(encode(id, 'hex'), '(..)', '\1:', 'g'), ':') END)::text, -1) ||
    CASE attributes WHEN '{}' THEN '}' ELSE ', ' || substr(attributes::text, 2) END
  FROM user_chk.registry(:'server_tag')
  ORDER BY regexp_replace(type, '_(PREFIX|RANDOM)$', '') COLLATE "C", id, type COLLATE "C"
) TO STDOUT WITH (FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02');
