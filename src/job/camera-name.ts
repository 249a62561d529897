import type { Capture } from './types/capture.js';

/** A camera as a person calls it: most say their maker in the name of the model, too. */
export function cameraName({
  camera_make: make,
  camera_model: model,
}: Pick<Capture, 'camera_make' | 'camera_model'>): string | undefined {
  if (make === undefined || model?.toLowerCase().startsWith(make.toLowerCase())) return model;
  return model === undefined ? make : `${make} ${model}`;
}
