/*
 * shelf.c: see shelf.h.
 */
#include "sim/shelf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHELF_SUFFIX ".yaml"

static bool
shelf_is_directory(const char *path)
{
    DIR *directory = opendir(path);

    if (directory == NULL)
        return false;
    (void)closedir(directory);
    return true;
}

/* The directory of the executable, without a closing slash. */
static bool
shelf_home(char path[GN_SIM_SHELF_PATH_BYTES])
{
    const ssize_t len = readlink("/proc/self/exe", path, GN_SIM_SHELF_PATH_BYTES - 1);
    char *slash;

    if (len <= 0)
        return false;
    path[len] = '\0';
    slash = strrchr(path, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

bool
gn_sim_shelf_directory(char path[GN_SIM_SHELF_PATH_BYTES])
{
    static const char *const beside[] = {"scenarios", "sim/scenarios", "../sim/scenarios",
                                         "../../sim/scenarios"};
    static const char *const here[] = {"sim/scenarios", "scenarios"};
    const char *named = getenv("GNOMON_SCENARIOS");
    char home[GN_SIM_SHELF_PATH_BYTES];

    if (named != NULL && named[0] != '\0') {
        (void)snprintf(path, GN_SIM_SHELF_PATH_BYTES, "%s", named);
        return shelf_is_directory(path);
    }
    if (shelf_home(home))
        for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
            const int len = snprintf(path, GN_SIM_SHELF_PATH_BYTES, "%s/%s", home, beside[i]);

            if (len < GN_SIM_SHELF_PATH_BYTES && shelf_is_directory(path))
                return true;
        }
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++) {
        (void)snprintf(path, GN_SIM_SHELF_PATH_BYTES, "%s", here[i]);
        if (shelf_is_directory(path))
            return true;
    }
    return false;
}

static bool
shelf_is_file(const char *path)
{
    return access(path, R_OK) == 0;
}

bool
gn_sim_shelf_find(const char *name, char path[GN_SIM_SHELF_PATH_BYTES])
{
    char directory[GN_SIM_SHELF_PATH_BYTES];

    if (strchr(name, '/') != NULL || strchr(name, '.') != NULL) {
        (void)snprintf(path, GN_SIM_SHELF_PATH_BYTES, "%s", name);
        return shelf_is_file(path);
    }
    if (!gn_sim_shelf_directory(directory))
        return false;
    if (snprintf(path, GN_SIM_SHELF_PATH_BYTES, "%s/%s%s", directory, name, SHELF_SUFFIX) >=
        GN_SIM_SHELF_PATH_BYTES)
        return false;
    return shelf_is_file(path);
}

size_t
gn_sim_shelf_each(void (*on_name)(const char *name, const char *path))
{
    char directory[GN_SIM_SHELF_PATH_BYTES];
    struct dirent **entries = NULL;
    size_t found = 0;

    if (!gn_sim_shelf_directory(directory))
        return 0;

    const int count = scandir(directory, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        char *name = entries[i]->d_name;
        char *suffix = strstr(name, SHELF_SUFFIX);
        char path[2 * GN_SIM_SHELF_PATH_BYTES];

        if (suffix != NULL && suffix[sizeof SHELF_SUFFIX - 1] == '\0') {
            (void)snprintf(path, sizeof path, "%s/%s", directory, name);
            *suffix = '\0';
            on_name(name, path);
            found++;
        }
        free(entries[i]);
    }
    free(entries);
    return found;
}
