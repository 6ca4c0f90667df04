-- SPDX-License-Identifier: MPL-2.0
-- Prints the users of a database as a registry file:
--
--   psql -X -q -d NAME -f export.sql > user_chk_registry.txt
--
-- They are those of servers without a tag of their own; with -v server_tag=TAG, those of servers with that tag.
-- Servers do not mind the order of the lines. Here it is that of types and ids, byte by byte, so the same users are the
-- same text, and diff shows what has changed between two exports. It needs the rights of user_chk_reader.

\set ON_ERROR_STOP on
\encoding UTF8
\if :{?server_tag}
\else
  \set server_tag all
\endif

-- A line is printed as it is: these two characters are in no JSON.
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
