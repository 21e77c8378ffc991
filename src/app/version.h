/** The version of the program, as --version prints it and manifests carry it. A test compares it
 * with the version of the build. */
#ifndef SG_APP_VERSION_H
#define SG_APP_VERSION_H

#define SG_VERSION "0.1.0"

#endif
