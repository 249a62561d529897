import { z } from 'zod';
import { PARAM_NAMES, paramOf } from '../../job/param-table.js';
import { paramValueSchema } from '../../job/params.js';
import { expectedSetting, isSettingText, SETTING_NAMES, type Setting, settingOf } from '../../settings.js';

const text = (error: string) => z.string({ error }).min(1, { error });

function valueSchema(setting: Setting): z.ZodType {
  const error = expectedSetting(setting);
  switch (setting.kind) {
    case 'count':
      return z.int({ error }).min(1, { error });
    case 'choice':
      return z.enum(setting.choices as [string, ...string[]], { error });
    case 'switch':
      return z.boolean({ error: 'true or false' });
    case 'paths':
      return z.array(text('a list of paths').regex(/^[^:]+$/, { error: 'paths without `:`' }), {
        error: 'a list of paths',
      });
    case 'names':
      return z.array(text('a list of names').regex(/^\w+$/, { error: 'names of variables' }), {
        error: 'a list of names',
      });
    default:
      return text('a text that is not empty').refine((value) => isSettingText(setting, value), { error });
  }
}

/** Parameters without their defaults: what a file does not say is left to those. */
const givenParams = z.strictObject(
  Object.fromEntries(PARAM_NAMES.map((name) => [name, paramValueSchema(paramOf(name)).optional()])),
);

/** What a configuration file may say: settings, and parameters for the jobs that are submitted. */
export const fileSchema = z.strictObject({
  ...Object.fromEntries(
    SETTING_NAMES.filter((name) => !settingOf(name).isVariableOnly).map((name) => [
      name,
      valueSchema(settingOf(name)).optional(),
    ]),
  ),
  params: givenParams.optional(),
});
