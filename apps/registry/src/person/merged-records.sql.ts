/**
 * What stands beside a person stays with the record that it came with; whoever reads asks for all records of the person. These
 * are the pieces of SQL by which every reader does so.
 */

/** The record of a person that stands for this one, itself as a rule. */
export const standsFor = (person: string) => `coalesce(${person}.survivor_id, ${person}.id)`;

/** The same of a column that refers to a person, who need not be seen. */
export const survivorOf = (column: string) =>
  `coalesce((SELECT self.survivor_id FROM person self WHERE self.id = ${column}), ${column})`;

/** For `person_id = …`: the person and all whom he stands for. An array, so that the index is asked. */
export const selvesOf = (id: string) =>
  `ANY (ARRAY[${id}] || ARRAY(SELECT self.id FROM person self WHERE self.survivor_id = ${id}))`;

/**
 * Whether a record does not hold because a merge set it aside for the other side's. Only among the records of the merged person:
 * once he is two again, each has his own.
 * @param record the row of a fact or membership, of a person whom `owner` stands for
 */
export const isSetAside = (column: 'fact_id' | 'member_id', record: string, owner: string) => `EXISTS (
  SELECT FROM person_merge_aside aside
  JOIN person_merge merged ON merged.id = aside.merge_id
  JOIN person kept ON kept.id = merged.survivor_id
  WHERE aside.${column} = ${record}.id AND ${standsFor('kept')} = ${owner}
    AND NOT EXISTS (SELECT FROM person_merge_undoing undone WHERE undone.merge_id = merged.id))`;
