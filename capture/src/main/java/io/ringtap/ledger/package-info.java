/** The books: what came in at each stage, what left it, what was lost where; and the balance that proves it. */
@NullMarked
package io.ringtap.ledger;

import org.jspecify.annotations.NullMarked;
