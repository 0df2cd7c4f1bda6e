/** What has become of marked frames on their way: the counting behind {@code ringtap verify}. */
package io.ringtap.daemon.verify;
